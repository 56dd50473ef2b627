import { equal } from './asserting.ts'
import type { Database } from './db.ts'
import { openDatabase } from './indexed.ts'
import { createWorld, type FakeWorld } from './trying.ts'

const GLOBALS = ['indexedDB', 'IDBKeyRange', 'setTimeout', 'clearTimeout'] as const

/** A database that opens, tells its stamp, and then says nothing more, in a world whose clock is moved by hand. */
async function silently(
  work: (database: Database, world: FakeWorld, aborted: () => number) => Promise<void>,
): Promise<void> {
  const world = createWorld()
  let aborted = 0
  const store = {
    get: () => answered('stamp'),
    put: silent,
    clear: silent,
    getAll: silent,
    getAllKeys: silent,
  }
  const transaction = () => ({ objectStore: () => store, abort: () => aborted += 1 })
  const stubs = {
    indexedDB: { open: () => answered({ transaction, close() {} }) },
    IDBKeyRange: { bound: () => ({}) },
    setTimeout: (then: () => void, milliseconds: number) => world.after(milliseconds, then),
    clearTimeout: (stop: () => void) => stop(),
  }
  const own = GLOBALS.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const)
  for (const name of GLOBALS) {
    Object.defineProperty(globalThis, name, { configurable: true, writable: true, value: stubs[name] })
  }
  try {
    await work(await openDatabase('shopbell'), world, () => aborted)
  } finally {
    for (const [name, before] of own) {
      if (before) Object.defineProperty(globalThis, name, before)
      else Reflect.deleteProperty(globalThis, name)
    }
  }
}

function silent(): Partial<IDBRequest> {
  return {}
}

function answered(result: unknown): Partial<IDBRequest> {
  const request: { result: unknown; onsuccess?: () => void } = { result }
  queueMicrotask(() => request.onsuccess?.())
  return request as Partial<IDBRequest>
}

/** By what it failed, once everything already promised has happened; null while it goes on. */
async function failure(work: { by: string | null }): Promise<string | null> {
  for (let turns = 0; turns < 20; turns += 1) await Promise.resolve()
  return work.by
}

function tried(work: Promise<unknown>): { by: string | null } {
  const trying: { by: string | null } = { by: null }
  work.catch((error) => trying.by = error.constructor.name)
  return trying
}

Deno.test('a write that nobody answers is given up after ten seconds, and leaves nothing behind', () =>
  silently(async (database, world, aborted) => {
    const writing = tried(database.write([['self', {}]], [], null))
    world.pass(9_999)
    equal([await failure(writing), aborted()], [null, 0])
    world.pass(1)
    equal([await failure(writing), aborted()], ['Unanswered', 1])
  }))

Deno.test('rows that do not come are waited for no longer than two seconds', () =>
  silently(async (database, world) => {
    const reading = tried(database.read(async (rows) => {
      for await (const _ of rows('threads/')) { /* None comes. */ }
    }))
    equal(await failure(reading), null)
    world.pass(2_000)
    equal(await failure(reading), 'Unanswered')
  }))
