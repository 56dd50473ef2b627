/**
 * What this browser keeps of one login: the rows of the state, and the outbox beside them.
 *
 * Rows lie under text keys such as `ticket/<id>`. They are written in one transaction with the cursor they belong to,
 * so whatever moment a process dies in, the state found is one that was.
 */

import type { Problem } from './types.ts'

/** Something written here and not stored by the server yet. */
export interface Item {
  /** Its place in the queue; given by the database. */
  readonly order: number
  readonly nonce: string
  readonly kind: 'message' | 'note'
  readonly conversation_id: string
  readonly ticket_id?: string
  readonly text: string
  readonly at: string
  /** Set when the server refused it for good. */
  readonly problem?: Problem
}

export type Row = readonly [key: string, value: unknown]

export interface Database {
  /** The rows whose key begins so, some hundred at a time, in the order of their keys. */
  rows(prefix: string): AsyncIterable<readonly Row[]>
  /** In one transaction: `emptied` drops every row before. */
  write(puts: readonly Row[], gone: readonly string[], emptied?: boolean): Promise<void>
  outbox(): Promise<Item[]>
  add(item: Omit<Item, 'order'>): Promise<number>
  put(item: Item): Promise<void>
  remove(order: number): Promise<void>
  close(): void
  /** Closes, and leaves nothing behind. */
  destroy(): Promise<void>
}

// To be raised whenever rows change their shape: they are fetched anew then, the outbox stays.
const VERSION = 1
/** Few enough to read or write without holding up a frame. */
const AT_ONCE = 250
/** Above every character that a key goes on with. */
const LAST = '\uffff'

/** The database of that name; in memory alone where the browser keeps nothing. */
export async function openDatabase(name: string): Promise<Database> {
  try {
    return indexed(name, await opened(name))
  } catch {
    return inMemory()
  }
}

function opened(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, VERSION)
  request.onupgradeneeded = () => {
    const stores = request.result.objectStoreNames
    if (stores.contains('rows')) request.result.deleteObjectStore('rows')
    request.result.createObjectStore('rows')
    if (!stores.contains('outbox')) {
      request.result.createObjectStore('outbox', { keyPath: 'order', autoIncrement: true })
    }
  }
  return done(request)
}

function indexed(name: string, database: IDBDatabase): Database {
  // Another tab signs out, or a newer version wants to open: neither should wait for this one.
  database.onversionchange = () => database.close()

  return {
    async *rows(prefix) {
      let range = IDBKeyRange.bound(prefix, prefix + LAST)
      for (;;) {
        const rows = database.transaction('rows').objectStore('rows')
        const [keys, values] = await Promise.all([
          done(rows.getAllKeys(range, AT_ONCE)),
          done(rows.getAll(range, AT_ONCE)),
        ])
        if (keys.length) yield keys.map((key, at) => [key as string, values[at]] as const)
        if (keys.length < AT_ONCE) return
        range = IDBKeyRange.bound(keys.at(-1)!, prefix + LAST, true)
      }
    },
    write(puts, gone, emptied = false) {
      const transaction = database.transaction('rows', 'readwrite', { durability: 'relaxed' })
      const rows = transaction.objectStore('rows')
      if (emptied) rows.clear()
      for (const key of gone) rows.delete(key)
      // Cloning thousands of rows in one go would hold up a frame; a callback of the same transaction goes on.
      const some = (from: number) => {
        const end = Math.min(puts.length, from + AT_ONCE)
        let last: IDBRequest | null = null
        for (let at = from; at < end; at += 1) last = rows.put(puts[at]![1], puts[at]![0])
        if (last && end < puts.length) last.onsuccess = () => some(end)
      }
      some(0)
      return committed(transaction)
    },
    outbox: () => done(database.transaction('outbox').objectStore('outbox').getAll()),
    add: (item) => changed((outbox) => outbox.add(item)) as Promise<number>,
    put: (item) => changed((outbox) => outbox.put(item)).then(() => {}),
    remove: (order) => changed((outbox) => outbox.delete(order)).then(() => {}),
    close: () => database.close(),
    async destroy() {
      database.close()
      await done(indexedDB.deleteDatabase(name))
    },
  }

  async function changed(change: (outbox: IDBObjectStore) => IDBRequest): Promise<unknown> {
    const transaction = database.transaction('outbox', 'readwrite')
    const request = change(transaction.objectStore('outbox'))
    transaction.commit()
    await committed(transaction)
    return request.result
  }
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = transaction.onerror = () => reject(transaction.error)
  })
}

/** The same without a browser: for as long as the page lives. */
export function inMemory(): Database {
  let rows = new Map<string, unknown>()
  let items: Item[] = []
  let orders = 0
  return {
    async *rows(prefix) {
      const found = [...rows].filter(([key]) => key.startsWith(prefix)).sort(([one], [other]) =>
        one < other ? -1 : 1
      )
      for (let at = 0; at < found.length; at += AT_ONCE) {
        yield await Promise.resolve(structuredClone(found.slice(at, at + AT_ONCE)))
      }
    },
    write(puts, gone, emptied = false) {
      rows = new Map(emptied ? [] : rows)
      for (const key of gone) rows.delete(key)
      for (const [key, value] of puts) rows.set(key, structuredClone(value))
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
    remove(order) {
      items = items.filter((one) => one.order !== order)
      return Promise.resolve()
    },
    close() {},
    destroy() {
      rows = new Map()
      items = []
      return Promise.resolve()
    },
  }
}
