/** For tests: one browser with an outbox in each tab, and the server behind them. */

import { settled } from './asserting.ts'
import type { Database, Item } from './db.ts'
import { inMemory } from './inmemory.ts'
import { type Means, openOutbox, type Outbox } from './outbox.ts'
import { fold } from './fold.ts'
import type { State } from './types.ts'
import { createWorld, desk } from './trying.ts'

/** Tabs that share a database, take turns and hear one another. */
export function browser(database: Database = inMemory()) {
  const world = createWorld()
  const stored: Item[] = []
  const sent: string[] = []
  const tabs: { outbox: Outbox }[] = []
  let turn: Promise<void> = Promise.resolve()
  let seq = 0
  const it = {
    world,
    database,
    stored,
    sent,
    live: true,
    unkept: 0,
    /** Who has the turn to send waits for that first. */
    held: Promise.resolve(),
    /** What the server makes of an item; without it, it is stored. */
    refuse: (_: Item): Error | null => null,
    /** Whether the answer gets lost on its way back. */
    lose: (_: Item): boolean => false,
    async tab(author = 'maud') {
      let state: State = desk()
      const own: { outbox?: Outbox } = {}
      const refused: string[] = []
      const tell: Means['tell'] = () => {
        for (const other of tabs) if (other.outbox !== own.outbox) other.outbox.reread()
      }
      const outbox = await openOutbox({
        database,
        author,
        dispatch(change) {
          state = fold(state, change)
        },
        async send(item) {
          sent.push(item.text)
          await settled()
          const refusal = it.refuse(item)
          if (refusal) throw refusal
          const before = stored.find(({ nonce }) => nonce === item.nonce)
          if (!before) stored.push(item)
          if (it.lose(item)) throw new Error('the connection ended')
          seq += 1
          return { id: `talk.${seq}`, seq, created_at: '2026-11-23T09:00:00Z' }
        },
        live: () => it.live,
        alone(work) {
          const mine = turn.then(() => it.held).then(work)
          turn = mine.catch(() => {})
          return mine
        },
        unkept: () => it.unkept += 1,
        refused: ({ code }) => refused.push(code),
        tell,
        after: world.after,
      })
      own.outbox = outbox
      tabs.push({ outbox })
      return {
        outbox,
        refused,
        written: (id = 'talk') => state.threads.get(id)?.written,
        pending: (id = 'talk') =>
          (state.threads.get(id)?.pending ?? []).map(({ text, status }) => `${text} ${status}`),
      }
    },
  }
  return it
}

/** Long enough for everything that is on its way to be over. */
export async function quiet(): Promise<void> {
  for (let turns = 0; turns < 30; turns += 1) await settled()
}

export function texts(items: readonly Item[]): string[] {
  return items.map(({ text }) => text)
}
