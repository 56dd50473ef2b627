/** The database where a browser keeps nothing: for as long as the page lives. */

import { AT_ONCE, type Database, type Item, newStamp, Overtaken, type Row, type Stamp } from './db.ts'

export function inMemory(): Database {
  let rows = new Map<string, unknown>()
  let stamp: Stamp | null = null
  let items: Item[] = []
  let orders = 0
  const drafts = new Map<string, string>()
  return {
    lost: Promise.resolve(),
    async read(work) {
      const [then, its] = [rows, stamp]
      return await work((prefix) => sorted(then, prefix), its)
    },
    write(puts, gone, onto) {
      if (onto !== null && onto !== stamp) return Promise.reject(new Overtaken())
      rows = new Map(onto === null ? [] : rows)
      for (const key of gone) rows.delete(key)
      for (const [key, value] of puts) rows.set(key, structuredClone(value))
      stamp = newStamp()
      return Promise.resolve(stamp)
    },
    empty() {
      rows = new Map()
      stamp = null
      return Promise.resolve()
    },
    outbox: () => Promise.resolve(structuredClone(items)),
    add(item) {
      orders += 1
      items = [...items, { ...item, order: orders }]
      return Promise.resolve(orders)
    },
    put(item) {
      items = items.map((one) => one.order === item.order ? item : one)
      return Promise.resolve()
    },
    remove(nonce) {
      items = items.filter((one) => one.nonce !== nonce)
      return Promise.resolve()
    },
    drafts: () => Promise.resolve([...drafts]),
    draft(place, text) {
      if (text === undefined) drafts.delete(place)
      else drafts.set(place, text)
      return Promise.resolve()
    },
    overtaken() {},
    leave() {},
    stay() {},
    close() {},
    destroy() {
      items = []
      drafts.clear()
      return this.empty()
    },
  }
}

async function* sorted(
  rows: ReadonlyMap<string, unknown>,
  prefix: string,
): AsyncGenerator<readonly Row[], void> {
  const found = [...rows].filter(([key]) => key.startsWith(prefix)).sort(([one], [other]) =>
    one < other ? -1 : 1
  )
  for (let at = 0; at < found.length; at += AT_ONCE) {
    yield await Promise.resolve(structuredClone(found.slice(at, at + AT_ONCE)))
  }
}
