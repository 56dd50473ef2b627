/** The known tickets in the order of the panel, kept in order change by change instead of sorted anew. */

import { Shelf } from '../live/shelf.ts'
import type { DeskState, Ticket } from '../live/types.ts'
import { fits, keyOf, named, type PanelFilter } from './filter.ts'
import type { Listed } from './lists.ts'

/** The most recently updated first; `updated_seq` is one ticket's alone, so the order is total. */
const later = (one: Ticket, other: Ticket): number => other.updated_seq - one.updated_seq

/** All but those that wait; the same array as long as nothing in it changed. */
export function createOrder(): (tickets: Shelf<Ticket>) => readonly Ticket[] {
  let seen = Shelf.empty<Ticket>()
  let ordered: readonly Ticket[] = []
  return (tickets) => {
    if (tickets === seen) return ordered
    const changed = new Set<string>()
    const fresh: Ticket[] = []
    for (const { key, after } of tickets.since(seen)) {
      changed.add(key)
      if (after && after.state !== 'waiting') fresh.push(after)
    }
    seen = tickets
    if (changed.size > 0) ordered = merged(ordered, fresh.sort(later), changed)
    return ordered
  }
}

function merged(
  ordered: readonly Ticket[],
  fresh: readonly Ticket[],
  changed: ReadonlySet<string>,
): Ticket[] {
  const result: Ticket[] = []
  let next = 0
  for (const ticket of ordered) {
    if (changed.has(ticket.id)) continue
    while (next < fresh.length && later(fresh[next]!, ticket) < 0) result.push(fresh[next++]!)
    result.push(ticket)
  }
  return result.concat(fresh.slice(next))
}

/** The rows of a list as far as it was fetched: below that there may be rows that are not here. */
export function createListed(): (
  state: DeskState,
  filter: PanelFilter,
  found: readonly string[] | null,
) => Listed {
  const orderOf = createOrder()
  let last: { readonly by: readonly unknown[]; readonly listed: Listed } | null = null
  return (state, filter, found) => {
    const ordered = orderOf(state.tickets)
    const fetched = state.views.get(keyOf(filter))
    const by = [ordered, filter, found, fetched, state.me.staff.id]
    if (last?.by.every((part, place) => part === by[place])) return last.listed
    const listed = filter.search === ''
      ? viewed(state, ordered, filter)
      : sought(ordered, state, filter, found)
    last = { by, listed }
    return listed
  }
}

function viewed(state: DeskState, ordered: readonly Ticket[], filter: PanelFilter): Listed {
  const fetched = state.views.get(keyOf(filter))
  if (!fetched) return { rows: [], more: true }
  const edge = fetched.next === null ? -Infinity : fetched.edge?.updated_seq ?? -Infinity
  const me = state.me.staff.id
  const rows = ordered.filter((ticket) => ticket.updated_seq >= edge && fits(filter, ticket, me))
  return { rows, more: fetched.next !== null }
}

/** What the server found and what is known here, so that the first rows stand before it answers. */
function sought(
  ordered: readonly Ticket[],
  state: DeskState,
  filter: PanelFilter,
  found: readonly string[] | null,
): Listed {
  const ids = new Set(found)
  const me = state.me.staff.id
  const here = { ...filter, search: '' }
  const rows = ordered.filter((ticket) =>
    ids.has(ticket.id) || (fits(here, ticket, me) && named(ticket, filter.search))
  )
  return { rows, more: found === null || state.views.get(keyOf(filter))?.next !== null }
}
