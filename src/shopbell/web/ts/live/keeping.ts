/** Writing the state down as it changes, rows and cursor together, by one tab of a login at a time. */

import { type Database, Unanswered } from './db.ts'
import { type Kept, rowsBetween } from './rows.ts'
import type { Tabs } from './tabs.ts'
import type { State } from './types.ts'

export interface Keeping {
  /** The state is another one now; it is written soon. */
  changed(state: State): void
  /** Resolves when the newest state is written. */
  flush(): Promise<void>
  stop(): void
}

/** Long enough to write many events at once, short enough to lose little to a page that is closed. */
const PAUSE_MILLISECONDS = 400

/**
 * Keep states in the database, going on from what was found there; null to write everything first. `lost` is called
 * when that fails.
 */
export function keep(
  database: Database,
  found: Kept | null,
  lost: () => void = () => {},
  pause = PAUSE_MILLISECONDS,
): Keeping {
  let written = found
  let newest = found?.state ?? null
  let timer: ReturnType<typeof setTimeout> | undefined
  let writing: Promise<void> = Promise.resolve()
  let stopped = false

  const save = async (state: State) => {
    const { puts, gone } = rowsBetween(written?.state ?? null, state)
    written = { state, stamp: await database.write(puts, gone, written?.stamp ?? null) }
  }

  const write = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(async () => {
      const state = newest
      if (stopped || !state || state === written?.state) return
      try {
        await save(state)
      } catch (error) {
        // Whoever stopped it may have cleared the rows of a login that has gone.
        if (stopped) return
        // Rows of another tab's making are of other threads and another cursor: they are replaced as a whole. With no
        // room, or the database closed under us, what is there stays as it is.
        written = null
        // Asked at once again, it would only be waited for twice.
        if (error instanceof Unanswered) return lost()
        await save(state).catch(lost)
      }
    })
    return writing
  }

  return {
    changed(state) {
      newest = state
      timer ??= setTimeout(write, pause)
    },
    flush: write,
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}

/**
 * Keep the states of this tab as soon as no other tab of the login does so, going on from what it found when it
 * began. Where tabs cannot take turns nothing is kept, and every start begins with the server.
 */
export function keepInTurn(
  database: Database,
  tabs: Tabs,
  found: Kept | null,
  newest: () => State,
  lost: () => void = () => {},
): Keeping {
  let keeping: Keeping | null = null
  let end = () => {}
  const ended = new Promise<void>((resolve) => end = resolve)
  if (tabs.takeTurns) {
    tabs.alone('keeping', async () => {
      keeping = keep(database, found, lost)
      keeping.changed(newest())
      await ended
    }).catch(() => {/* Closed before its turn came. */})
  }
  return {
    changed: (state) => keeping?.changed(state),
    flush: () => keeping?.flush() ?? Promise.resolve(),
    stop() {
      keeping?.stop()
      end()
    },
  }
}
