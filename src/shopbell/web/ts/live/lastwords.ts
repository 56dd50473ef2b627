/**
 * What was on its way into the database when its page went away, for a browser drops a write that it has not begun.
 *
 * A page that goes has no time to wait, so it leaves such texts in local storage. Whoever opens the database next takes
 * them in, tries again while that cannot be written, and adds no item that any page has left as gone; until then any tab
 * that goes on with a text takes the place of what was left of it.
 */

import { type Database, type Item, newStamp, Unanswered } from './db.ts'

export interface LastWords {
  readonly items: readonly Omit<Item, 'order'>[]
  /** The nonces of items that were stored by the server, or discarded. */
  readonly gone: readonly string[]
  /** What stood there last, by place; null where it was sent off or emptied. */
  readonly drafts: Readonly<Record<string, string | null>>
}

/** A database that outlives its page, but for what is on its way. */
export interface Lasting extends Omit<Database, 'overtaken' | 'leave' | 'stay'> {
  /** Write down, in one transaction, what `left` gives within it. */
  takeIn(left: () => readonly LastWords[]): Promise<void>
}

export interface Means {
  after(milliseconds: number, then: () => void): () => void
  /** Resolves once the database keeps nothing any more. */
  readonly ends: Promise<void>
  /** Have the database read, and with that take in what was left. */
  takeIn(): Promise<void>
}

const AGAIN_MILLISECONDS = 2_000

/** The database of that name, which leaves such texts when its page goes, and takes in those of others. */
export function withLastWords(name: string, { takeIn, ...database }: Lasting): Database {
  const items = new Map<string, Omit<Item, 'order'>>()
  const gone = new Set<string>()
  const drafts = new Map<string, { readonly text: string | undefined }>()
  let left: string | null = null

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
      return await ended(database.add(item), () => items.delete(item.nonce))
    },
    async remove(nonce) {
      items.delete(nonce)
      gone.add(nonce)
      await ended(database.remove(nonce), () => gone.delete(nonce))
    },
    async drafts() {
      await listen()
      return await database.drafts()
    },
    async draft(place, text) {
      const begun = { text }
      drafts.set(place, begun)
      overtake(name, place)
      await ended(database.draft(place, text), () => {
        // It may have been gone on with meanwhile.
        if (drafts.get(place) === begun) drafts.delete(place)
      })
    },
    overtaken: (place) => void drafts.delete(place),
    leave() {
      if (items.size + gone.size + drafts.size === 0) return
      left = keyOf(name) + newStamp()
      put(left, {
        items: [...items.values()],
        gone: [...gone],
        drafts: Object.fromEntries([...drafts].map(([place, { text }]) => [place, text ?? null])),
      })
    },
    stay() {
      if (left !== null) forget([left])
      left = null
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

/** Have what pages leave for the database of that name taken in: now, when one does, and again until it is written. */
export function heedLastWords(name: string, signal: AbortSignal, { after, ends, takeIn }: Means): void {
  let stopTimer = () => {}
  let hasEnded = false
  const take = async () => {
    await takeIn()
    stopTimer()
    if (!signal.aborted && !hasEnded && leftIn(name).length > 0) stopTimer = after(AGAIN_MILLISECONDS, take)
  }
  addEventListener('storage', ({ key, newValue }) => {
    if (newValue !== null && key?.startsWith(keyOf(name))) take()
  }, { signal })
  signal.addEventListener('abort', () => stopTimer())
  ends.then(() => hasEnded = true)
  take()
}

/** Calls `over` once the database has answered; being late, it may write that down yet, or never. */
function ended<T>(writing: Promise<T>, over: () => void): Promise<T> {
  writing.then(over, (error) => {
    if (error instanceof Unanswered) error.answer.then(over, over)
    else over()
  })
  return writing
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
