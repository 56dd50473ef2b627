/** What one has begun to write, by the place it is written in: it outlives a reload, and goes with the login. */

import type { Database } from './db.ts'

export interface Drafts {
  /** The text begun there; empty if none is. */
  of(place: string): string
  set(place: string, text: string): void
  /** Write down at once what is not yet. */
  keep(): void
}

/** Writing it down at every key would cost more than losing a moment. */
const REST_MILLISECONDS = 150

export async function openDrafts(
  database: Pick<Database, 'drafts' | 'draft'>,
  after: (milliseconds: number, then: () => void) => () => void,
): Promise<Drafts> {
  const drafts = new Map(await database.drafts().catch(() => [])) as Map<string, string>
  const changed = new Set<string>()
  let stopTimer: (() => void) | null = null

  const keep = () => {
    stopTimer?.()
    stopTimer = null
    for (const place of changed) {
      // A database that fails keeps nothing any more; what is on the screen stays.
      database.draft(place, drafts.get(place)).catch(() => {})
    }
    changed.clear()
  }

  return {
    of: (place) => drafts.get(place) ?? '',
    set(place, text) {
      if (text === '') drafts.delete(place)
      else drafts.set(place, text)
      changed.add(place)
      stopTimer ??= after(REST_MILLISECONDS, keep)
    },
    keep,
  }
}
