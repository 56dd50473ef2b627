/** The rows of the panel: what the store knows, in the order of the panel, and held still under the pointer. */

import type { DeskState, Ticket } from '../live/types.ts'
import { Shelf } from '../live/shelf.ts'
import { keyOf, type PanelFilter } from './filter.ts'

export interface Shown {
  readonly rows: readonly Ticket[]
  /** Whether there are more on the server. */
  readonly more: boolean
  /** How many rows have come or moved up while the list was held still. */
  readonly newer: number
}

interface Held {
  readonly key: string
  readonly rows: readonly Ticket[]
}

/** Keeps the order that was seen when the pointer came, until it has gone. */
export function createLists(
  ordered: (state: DeskState, filter: PanelFilter, found: readonly string[] | null) => Listed,
) {
  let held: Held | null = null
  let last: { key: string; listed: Listed } | null = null
  return {
    shown(state: DeskState, filter: PanelFilter, found: readonly string[] | null): Shown {
      const key = keyOf(filter)
      const listed = ordered(state, filter, found)
      last = { key, listed }
      if (held?.key !== key) held = held && { key, rows: listed.rows }
      if (!held) return { ...listed, newer: 0 }
      return stillOf(held.rows, listed, state)
    },
    /** The pointer has come, or gone. */
    hold(still: boolean): void {
      held = still ? held ?? (last && { key: last.key, rows: last.listed.rows }) : null
    },
    /** Show the order as it is now, and hold that. */
    renew(): void {
      held &&= last && { key: last.key, rows: last.listed.rows }
    },
  }
}

export interface Listed {
  readonly rows: readonly Ticket[]
  readonly more: boolean
}

function stillOf(held: readonly Ticket[], listed: Listed, state: DeskState): Shown {
  if (held === listed.rows) return { ...listed, newer: 0 }
  const places = new Map(held.map((ticket) => [ticket.id, ticket]))
  const oldest = held.at(-1)?.updated_seq ?? Infinity
  const fresh = listed.rows.filter(({ id }) => !places.has(id))
  // Pages that were fetched meanwhile go on below; what is newer waits to be asked for.
  const below = fresh.filter((ticket) => ticket.updated_seq < oldest)
  const moved = held.some((ticket, place) => listed.rows[place]?.id !== ticket.id)
  const newer = moved
    ? listed.rows.filter((ticket) => (places.get(ticket.id) ?? ticket).updated_seq < ticket.updated_seq)
      .length +
      fresh.length - below.length
    : 0
  const rows = held.map((ticket) => state.tickets.get(ticket.id) ?? ticket)
  return { rows: [...rows, ...below], more: listed.more, newer }
}

/** Since when the one who waits longest has waited; looks only at what changed since it was asked last. */
function longestWaits(): (tickets: Shelf<Ticket>) => string | null {
  let seen = Shelf.empty<Ticket>()
  const since = new Map<string, string>()
  return (tickets) => {
    for (const { key, after } of tickets.since(seen)) {
      if (after?.state === 'waiting') since.set(key, after.waiting_since)
      else since.delete(key)
    }
    seen = tickets
    let longest: string | null = null
    for (const time of since.values()) if (longest === null || time < longest) longest = time
    return longest
  }
}

export const longestWait = longestWaits()
