/** What one has begun to write, by the place it is written in: one text for all tabs, which outlives a reload. */

import type { Database } from './db.ts'

export interface Drafts {
  /** The text begun there; empty if none is. */
  of(place: string): string
  set(place: string, text: string): void
  /** Write down at once what is not yet. */
  keep(): void
  /** What another page has left may lie in the database by now. */
  reread(): Promise<void>
  /** Another tab says so. */
  heard(news: Begun): void
  /** Calls back when a text is another one by what another tab says. */
  subscribe(changed: () => void): void
}

/** A tab has gone on with the text there, or sent it off. */
export interface Begun {
  readonly type: 'begun'
  readonly place: string
  readonly text: string
}

export interface Means {
  readonly database: Pick<Database, 'drafts' | 'draft' | 'overtaken'>
  after(milliseconds: number, then: () => void): () => void
  /** Tell the other tabs. */
  tell(news: Begun): void
}

/** Writing it down at every key would cost more than losing a moment. */
const REST_MILLISECONDS = 150

export async function openDrafts({ database, after, tell }: Means): Promise<Drafts> {
  const drafts = new Map(await database.drafts().catch(() => []))
  const unkept = new Set<string>()
  /** Where the newest text is one that was written or heard here, whatever the database says. */
  const known = new Set<string>()
  let stopTimer: (() => void) | null = null
  let changed = () => {}

  const of = (place: string) => drafts.get(place) ?? ''

  const put = (place: string, text: string) => {
    known.add(place)
    if (text === '') drafts.delete(place)
    else drafts.set(place, text)
  }

  const keep = () => {
    stopTimer?.()
    stopTimer = null
    for (const place of unkept) {
      // A database that fails keeps nothing any more; what is on the screen stays.
      database.draft(place, drafts.get(place)).catch(() => {})
      tell({ type: 'begun', place, text: of(place) })
    }
    unkept.clear()
  }

  return {
    of,
    set(place, text) {
      put(place, text)
      unkept.add(place)
      stopTimer ??= after(REST_MILLISECONDS, keep)
    },
    keep,
    async reread() {
      const kept = await database.drafts().catch(() => [])
      const news = kept.filter(([place, text]) => !known.has(place) && drafts.get(place) !== text)
      for (const [place, text] of news) drafts.set(place, text)
      if (news.length > 0) changed()
    },
    heard({ place, text }) {
      // What was written here meanwhile is the newer one, and is told next.
      if (unkept.has(place)) return
      database.overtaken(place)
      put(place, text)
      changed()
    },
    subscribe: (heard) => changed = heard,
  }
}
