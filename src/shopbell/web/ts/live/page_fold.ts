/** What was fetched over HTTP, laid over what is known: a row gives way only to one that was read later. */

import { seqOf } from './cursors.ts'
import { Shelf } from './shelf.ts'
import { noted, paged, unfetched } from './thread_fold.ts'
import type { Page, PageBody } from './changes.ts'
import type { DeskState, Known, MemberState, State, Thread } from './types.ts'

export function foldPage(state: State, page: Page): State {
  if (page.type === 'thread') {
    const { id } = page.page.conversation
    return inAnyThread(state, id, (thread) => paged(thread, page.page, page.newest))
  }
  return state.side === 'staff' ? deskPage(state, page) : memberPage(state, page)
}

function deskPage(state: DeskState, page: PageBody): DeskState {
  switch (page.type) {
    case 'counts': {
      const as_of = seqOf(page.cursor)
      if (as_of <= state.counts.as_of) return state
      return { ...state, counts: { waiting: page.waiting, unclaimed: page.unclaimed, as_of } }
    }
    case 'tickets': {
      const tickets = laid(state.tickets, page.items, (row) => row.id, seqOf(page.cursor))
      if (page.view === undefined) return { ...state, tickets }
      const fetched = { next: page.next ?? null, edge: page.items.at(-1) ?? null }
      return { ...state, tickets, views: new Map(state.views).set(page.view, fetched) }
    }
    case 'feedback':
      return { ...state, feedback: listed(state.feedback, page.ticket_id, page) }
    case 'history':
      return { ...state, history: listed(state.history, page.ticket_id, page) }
    case 'notes':
      return inAnyThread(state, page.conversation_id, (thread) => noted(thread, page.items))
    case 'members':
      return { ...state, members: laid(state.members, page.items, (row) => row.id, seqOf(page.cursor)) }
    case 'staff':
      return { ...state, staff: new Map(page.items.map((one) => [one.id, one])) }
    default:
      return state
  }
}

function memberPage(state: MemberState, page: PageBody): MemberState {
  switch (page.type) {
    case 'conversations': {
      const rows = page.items.map((row) => ({ ...row, as_of: seqOf(page.cursors[row.business.id]) }))
      return { ...state, conversations: newer(state.conversations, rows, (row) => row.id) }
    }
    case 'memberships': {
      const rows = page.items.map((row) => ({ ...row, as_of: seqOf(page.cursors[row.business.id]) }))
      return { ...state, memberships: newer(state.memberships, rows, (row) => row.business.id) }
    }
    case 'listed':
      return { ...state, listed: true }
    default:
      return state
  }
}

function laid<T extends object>(
  known: Shelf<T & { readonly as_of: number }>,
  items: readonly T[],
  keyOf: (row: T) => string,
  as_of: number,
): Shelf<T & { readonly as_of: number }> {
  return newer(known, items.map((row) => ({ ...row, as_of })), keyOf)
}

function newer<V extends { readonly as_of: number }>(
  known: Shelf<V>,
  rows: readonly V[],
  keyOf: (row: V) => string,
): Shelf<V> {
  const later = rows.filter((row) => row.as_of > (known.get(keyOf(row))?.as_of ?? -1))
  return known.withAll(later.map((row) => [keyOf(row), row] as const))
}

function listed<T>(
  known: Shelf<Known<T>>,
  key: string,
  page: { readonly items: readonly T[]; readonly cursor: string },
): Shelf<Known<T>> {
  const as_of = seqOf(page.cursor)
  if (as_of <= (known.get(key)?.as_of ?? -1)) return known
  return known.with(key, { items: page.items, as_of })
}

/** As `inThread`, but a thread that is not known yet begins with this. */
function inAnyThread<S extends State>(state: S, id: string, change: (thread: Thread) => Thread): S {
  const thread = state.threads.get(id) ?? unfetched(id)
  return { ...state, threads: state.threads.with(id, change(thread)) }
}
