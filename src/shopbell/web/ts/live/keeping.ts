/** Writing the state down as it changes, rows and cursor together, by one tab of a login at a time. */

import type { Database } from './db.ts'
import { cursorsOf } from './fold.ts'
import { readSelf, rowsBetween } from './rows.ts'
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
 * Keep states in the database. `written` is what its rows are of, null to write everything first.
 *
 * Only one tab may do so at a time: rows of two would mix states of two cursors.
 */
export function keep(database: Database, written: State | null, pause = PAUSE_MILLISECONDS): Keeping {
  let before = written
  let newest = written
  let timer: ReturnType<typeof setTimeout> | undefined
  let writing: Promise<void> = Promise.resolve()
  let stopped = false

  const write = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(async () => {
      const state = newest
      if (stopped || !state || state === before) return
      const { puts, gone } = rowsBetween(before, state)
      try {
        await database.write(puts, gone, before === null)
        before = state
      } catch {
        // No room, or closed under us: what is there stays consistent, and everything is written next time.
        before = null
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
 * Keep the states of this tab as soon as no other tab of the login does so; `first` is what its rows were when it
 * began. Where tabs cannot take turns nothing is kept, and every start begins with the server.
 */
export function keepInTurn(
  database: Database,
  tabs: Tabs,
  first: State | null,
  newest: () => State,
): Keeping {
  let keeping: Keeping | null = null
  let end = () => {}
  const ended = new Promise<void>((resolve) => end = resolve)
  if (tabs.takeTurns) {
    tabs.alone('keeping', async () => {
      // Rows of another tab's making are of another cursor: they are replaced as a whole.
      const found = await readSelf(database).catch(() => null)
      const ours = first !== null && found !== null && sameCursors(found, first)
      keeping = keep(database, ours ? first : null)
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

function sameCursors(one: State, other: State): boolean {
  return JSON.stringify(cursorsOf(one)) === JSON.stringify(cursorsOf(other))
}
