/**
 * What was on its way into the database when its page went away, for a browser drops a write that it has not begun.
 *
 * A page that goes has no time to wait, so it leaves such texts in local storage. Whoever opens the database next takes
 * them in; until then any tab that goes on with a text takes the place of what was left of it.
 */

import { type Database, type Item, newStamp } from './db.ts'

export interface LastWords {
  readonly items: readonly Omit<Item, 'order'>[]
  /** The nonces of items that were stored by the server, or discarded. */
  readonly gone: readonly string[]
  /** By place; null where the text was sent off, or taken away. */
  readonly drafts: Readonly<Record<string, string | null>>
}

/** A database that outlives its page, but for what is on its way. */
export interface Lasting extends Omit<Database, 'overtaken' | 'leave'> {
  /** Write down, in one transaction, what `left` gives within it. */
  takeIn(left: () => readonly LastWords[]): Promise<void>
}

/** The database of that name, which leaves such texts when its page goes, and takes in those of others. */
export function withLastWords(name: string, { takeIn, ...database }: Lasting): Database {
  const items = new Map<string, Omit<Item, 'order'>>()
  const gone = new Set<string>()
  const drafts = new Map<string, string | undefined>()

  const listen = async () => {
    const keys = leftIn(name)
    if (keys.length === 0) return
    // Where it cannot be written they go on waiting.
    await takeIn(() => keys.map(wordsAt).filter((words) => words !== null)).then(() => forget(keys), () => {})
  }

  return {
    ...database,
    async outbox() {
      await listen()
      return await database.outbox()
    },
    async add(item) {
      items.set(item.nonce, item)
      return await database.add(item).finally(() => items.delete(item.nonce))
    },
    async remove(nonce) {
      items.delete(nonce)
      gone.add(nonce)
      await database.remove(nonce).finally(() => gone.delete(nonce))
    },
    async drafts() {
      await listen()
      return await database.drafts()
    },
    async draft(place, text) {
      drafts.set(place, text)
      overtake(name, place)
      await database.draft(place, text).finally(() => {
        if (drafts.get(place) === text) drafts.delete(place)
      })
    },
    overtaken: (place) => void drafts.delete(place),
    leave() {
      if (items.size + gone.size + drafts.size === 0) return
      put(keyOf(name) + newStamp(), {
        items: [...items.values()],
        gone: [...gone],
        drafts: Object.fromEntries([...drafts].map(([place, text]) => [place, text ?? null])),
      })
    },
    async destroy() {
      // First, for a database goes only when the last tab has let go of it.
      forget(leftIn(name))
      await database.destroy()
      // A tab that had not heard of it yet may have gone meanwhile.
      forget(leftIn(name))
    },
  }
}

/** Calls back when a page has left something that belongs into the database of that name. */
export function heedLastWords(name: string, signal: AbortSignal, heard: () => void): void {
  addEventListener('storage', ({ key, newValue }) => {
    if (newValue !== null && key?.startsWith(keyOf(name))) heard()
  }, { signal })
}

/** What a page goes on with takes the place of what another has left of it. */
function overtake(name: string, place: string): void {
  for (const key of leftIn(name)) {
    const words = wordsAt(key)
    if (!words || !(place in words.drafts)) continue
    const { [place]: _, ...drafts } = words.drafts
    put(key, { ...words, drafts })
  }
}

function leftIn(name: string): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(keyOf(name)))
  } catch {
    return []
  }
}

/** Null where another tab has taken them in meanwhile. */
function wordsAt(key: string): LastWords | null {
  return JSON.parse(localStorage.getItem(key) ?? 'null') as LastWords | null
}

function put(key: string, words: LastWords): void {
  try {
    localStorage.setItem(key, JSON.stringify(words))
  } catch {
    // Without room there, what becomes of them is left to the browser.
  }
}

function forget(keys: readonly string[]): void {
  for (const key of keys) localStorage.removeItem(key)
}

function keyOf(name: string): string {
  return `${name}/left/`
}
