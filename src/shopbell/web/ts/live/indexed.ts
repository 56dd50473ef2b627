/** The database in the browser's own, by IndexedDB. */

import {
  AT_ONCE,
  type Database,
  type Item,
  newStamp,
  Overtaken,
  type Row,
  type Stamp,
  Unanswered,
} from './db.ts'
import { inMemory } from './inmemory.ts'
import { type Lasting, withLastWords } from './lastwords.ts'

// To be raised whenever rows change their shape: they are fetched anew then, the outbox and the drafts stay.
const VERSION = 2
/** A tab that is held up, or of another version, lets go late or never; nobody waits for it longer than that. */
const PATIENCE_MILLISECONDS = 2_000
/** Nobody looks on while rows are written, and thousands take their time. */
const WRITING_PATIENCE_MILLISECONDS = 10_000
/** Above every character that a key goes on with. */
const LAST = '\uffff'
/** The key of the stamp among the rows. */
const STAMP = 'stamp'

/** The database of that name; in memory alone where the browser keeps nothing. */
export async function openDatabase(name: string): Promise<Database> {
  try {
    return withLastWords(name, indexed(name, await opened(name)))
  } catch {
    return withLastWords(name, unopened(name))
  }
}

/** In memory; but what the browser has kept before, when it opened, goes with the sign-out all the same. */
function unopened(name: string): Lasting {
  return {
    ...inMemory(),
    takeIn: () => Promise.reject(new Error('The database has not opened.')),
    destroy: () => deleted(name).catch(() => {}),
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
    if (!stores.contains('drafts')) request.result.createObjectStore('drafts')
  }
  return inTime(done(request)).catch((error) => {
    // Held open by a page that went on without it, it would be in the way of others.
    request.onsuccess = () => request.result.close()
    throw error
  })
}

function indexed(name: string, database: IDBDatabase): Lasting {
  const lost = new Promise<void>((lose) => {
    // Another tab signs out, or a newer version wants to open: neither should wait for this one.
    database.onversionchange = () => {
      database.close()
      lose()
    }
    database.onclose = () => lose()
  })

  return {
    lost,
    // An async function each, so that a database closed under us rejects instead of throwing.
    async read(work) {
      const rows = database.transaction('rows').objectStore('rows')
      const stamp: Stamp | undefined = await inTime(done(rows.get(STAMP)))
      return await work((prefix) => rowsOf(rows, prefix), stamp ?? null)
    },
    async write(puts, gone, onto) {
      const transaction = database.transaction('rows', 'readwrite', { durability: 'relaxed' })
      const rows = transaction.objectStore('rows')
      const stamp = newStamp()
      const begin = () => {
        rows.put(stamp, STAMP)
        for (const key of gone) rows.delete(key)
        some(0)
      }
      // Cloning thousands of rows in one go would hold up a frame; a callback of the same transaction goes on.
      const some = (from: number) => {
        const end = Math.min(puts.length, from + AT_ONCE)
        let last: IDBRequest | null = null
        for (let at = from; at < end; at += 1) last = rows.put(puts[at]![1], puts[at]![0])
        if (last && end < puts.length) last.onsuccess = () => some(end)
      }
      if (onto === null) {
        rows.clear()
        begin()
      } else {
        const found = rows.get(STAMP)
        found.onsuccess = () => found.result === onto ? begin() : transaction.abort()
      }
      await inTime(committed(transaction), WRITING_PATIENCE_MILLISECONDS, () => giveUp(transaction))
      return stamp
    },
    empty: () => changed('rows', (rows) => rows.clear()).then(() => {}),
    outbox: async () => await inTime(done(database.transaction('outbox').objectStore('outbox').getAll())),
    add: (item) => changed('outbox', (outbox) => outbox.add(item)) as Promise<number>,
    put: (item) => changed('outbox', (outbox) => outbox.put(item)).then(() => {}),
    async remove(nonce) {
      const transaction = database.transaction('outbox', 'readwrite')
      const outbox = transaction.objectStore('outbox')
      const asking = outbox.getAll()
      asking.onsuccess = () => leaveOut(outbox, asking.result, [nonce])
      await inTime(committed(transaction))
    },
    async drafts() {
      const drafts = database.transaction('drafts').objectStore('drafts')
      const [keys, values] = await inTime(Promise.all([done(drafts.getAllKeys()), done(drafts.getAll())]))
      return keys.map((key, at) => [key as string, values[at]] as const)
    },
    async draft(place, text) {
      await changed('drafts', (drafts) => text === undefined ? drafts.delete(place) : drafts.put(text, place))
    },
    async takeIn(left) {
      const transaction = database.transaction(['outbox', 'drafts'], 'readwrite')
      const [outbox, drafts] = [transaction.objectStore('outbox'), transaction.objectStore('drafts')]
      const asking = outbox.getAll()
      asking.onsuccess = () => {
        const kept = asking.result as readonly Item[]
        // Asked within the transaction, and an item added only once: another tab may take in the same.
        const all = left()
        const gone = all.flatMap((words) => words.gone)
        leaveOut(outbox, kept, gone)
        const known = new Set([...gone, ...kept.map(({ nonce }) => nonce)])
        for (const item of all.flatMap((words) => words.items)) {
          if (!known.has(item.nonce)) outbox.add(item)
          known.add(item.nonce)
        }
        for (const [place, text] of all.flatMap((words) => Object.entries(words.drafts))) {
          if (text === null) drafts.delete(place)
          else drafts.put(text, place)
        }
      }
      await inTime(committed(transaction), PATIENCE_MILLISECONDS, () => giveUp(transaction))
    },
    close: () => database.close(),
    async destroy() {
      database.close()
      await deleted(name)
    },
  }

  async function changed(store: string, change: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
    const transaction = database.transaction(store, 'readwrite')
    const request = change(transaction.objectStore(store))
    transaction.commit()
    await inTime(committed(transaction))
    return request.result
  }
}

function leaveOut(outbox: IDBObjectStore, items: readonly Item[], gone: readonly string[]): void {
  for (const { nonce, order } of items) if (gone.includes(nonce)) outbox.delete(order)
}

async function deleted(name: string): Promise<void> {
  const gone = done(indexedDB.deleteDatabase(name))
  // The browser drops it once the last tab has let go.
  await Promise.race([gone, new Promise((late) => setTimeout(late, PATIENCE_MILLISECONDS))])
}

async function* rowsOf(rows: IDBObjectStore, prefix: string): AsyncGenerator<readonly Row[], void> {
  let range = IDBKeyRange.bound(prefix, prefix + LAST)
  for (;;) {
    const [keys, values] = await inTime(Promise.all([
      done(rows.getAllKeys(range, AT_ONCE)),
      done(rows.getAll(range, AT_ONCE)),
    ]))
    if (keys.length) yield keys.map((key, at) => [key as string, values[at]] as const)
    if (keys.length < AT_ONCE) return
    range = IDBKeyRange.bound(keys.at(-1)!, prefix + LAST, true)
  }
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/** Rejects as Unanswered, and calls `late`, when that takes longer than anybody would wait. */
function inTime<T>(
  answer: Promise<T>,
  milliseconds = PATIENCE_MILLISECONDS,
  late: () => void = () => {},
): Promise<T> {
  const unanswered = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => {
      reject(new Unanswered(answer))
      late()
    }, milliseconds)
    answer.finally(() => clearTimeout(timer)).catch(() => {})
  })
  return Promise.race([answer, unanswered])
}

/** What came to be written after all would have a stamp that nobody knows of, or be older than what is there then. */
function giveUp(transaction: IDBTransaction): void {
  try {
    transaction.abort()
  } catch {
    // It is over just now, which whoever writes next will find.
  }
}

function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    // Without an error of its own it was us who broke it off.
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Overtaken())
  })
}
