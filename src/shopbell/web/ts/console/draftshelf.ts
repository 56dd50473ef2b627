/** Where drafts lie in this browser: a database of the login's own, gone at sign-out. */

import type { Draft, DraftShelf } from './drafts.ts'

const STORE = 'drafts'

export interface DraftDatabase extends DraftShelf {
  /** Leaves nothing behind. */
  destroy(): Promise<void>
}

/** In memory alone where the browser keeps nothing. */
export async function openDraftShelf(name: string): Promise<DraftDatabase> {
  let database: IDBDatabase
  try {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE)
    database = await done(request)
  } catch {
    return NOWHERE
  }
  // Another tab signs out, and should not have to wait for this one.
  database.onversionchange = () => database.close()
  const store = (mode: IDBTransactionMode) => database.transaction(STORE, mode).objectStore(STORE)
  /** A database closed under us keeps nothing any more; what is on the screen stays. */
  const change = (what: (drafts: IDBObjectStore) => IDBRequest): Promise<void> => {
    try {
      return done(what(store('readwrite'))).then(() => {}, () => {})
    } catch {
      return Promise.resolve()
    }
  }
  return {
    async all() {
      const drafts = store('readonly')
      const [keys, values] = await Promise.all([done(drafts.getAllKeys()), done(drafts.getAll())])
      return keys.map((key, place) => [key as string, values[place] as Draft] as const)
    },
    put: (conversation, draft) => change((drafts) => drafts.put(draft, conversation)),
    delete: (conversation) => change((drafts) => drafts.delete(conversation)),
    async destroy() {
      database.close()
      await done(indexedDB.deleteDatabase(name))
    },
  }
}

const NOWHERE: DraftDatabase = {
  all: () => Promise.resolve([]),
  put: () => Promise.resolve(),
  delete: () => Promise.resolve(),
  destroy: () => Promise.resolve(),
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
