/**
 * The one place where live state changes: `fold(state, change)` is pure and answers the state after it.
 *
 * The law: what was fetched at n, folded with the events after n up to m, is what would be fetched at m. An event at
 * or before the cursor changes nothing; one that comes again with a page is passed over by each row's `as_of`.
 */

import { seqOf } from './cursors.ts'
import * as desk from './desk_fold.ts'
import * as member from './member_fold.ts'
import { foldPage } from './page_fold.ts'
import { Shelf } from './shelf.ts'
import { confirmed, inThread, pended, typed, unfetched, untyped } from './thread_fold.ts'
import type { Change, Local, Page } from './changes.ts'
import type {
  AuthorItem,
  Connection,
  Cursors,
  DeskState,
  MemberState,
  PersonEvent,
  PersonMe,
  ServerEvent,
  StaffEvent,
  StaffMe,
  State,
  Thread,
} from './types.ts'

const CONNECTING: Connection = { status: 'connecting', since: 0 }

/** The console before anything was fetched. */
export function emptyDesk(me: StaffMe): DeskState {
  return {
    side: 'staff',
    me,
    connection: CONNECTING,
    cursor: null,
    counts: { waiting: 0, unclaimed: 0, as_of: -1 },
    tickets: Shelf.empty(),
    views: new Map(),
    threads: Shelf.empty(),
    history: Shelf.empty(),
    feedback: Shelf.empty(),
    members: Shelf.empty(),
    staff: new Map(),
    elsewhere: new Map(),
    keeps: true,
  }
}

/** The member app before anything was fetched. */
export function emptyMember(me: PersonMe): MemberState {
  return {
    side: 'person',
    me,
    connection: CONNECTING,
    cursors: {},
    conversations: Shelf.empty(),
    threads: Shelf.empty(),
    memberships: Shelf.empty(),
    listed: false,
    keeps: true,
  }
}

/** The state after the change; the same one when it changes nothing. */
export function fold<S extends State>(state: S, change: Change): S {
  if (change.type !== 'event') return local(state, change) as S
  if (change.seq <= seqOf(cursorOf(state, change.business_id))) return state
  return movedOn(foldEvent(state, change), change.business_id, change.cursor) as S
}

/** The cursor that everything of that business is folded in up to. */
function cursorOf(state: State, business_id: string): string | null {
  return state.side === 'staff' ? state.cursor : state.cursors[business_id] ?? null
}

/** Every cursor of the state, by business id. */
export function cursorsOf(state: State): Cursors {
  if (state.side === 'person') return state.cursors
  return state.cursor === null ? {} : { [state.me.staff.business_id]: state.cursor }
}

function foldEvent(state: State, event: ServerEvent): State {
  return state.side === 'staff'
    ? desk.foldDesk(state, event as StaffEvent)
    : member.foldMember(state, event as PersonEvent)
}

function movedOn(state: State, business_id: string, cursor: string): State {
  if (state.side === 'staff') return { ...state, cursor }
  return { ...state, cursors: { ...state.cursors, [business_id]: cursor } }
}

function local(state: State, change: Local): State {
  switch (change.type) {
    case 'cursor':
      if (seqOf(change.cursor) <= seqOf(cursorOf(state, change.business_id))) return state
      return movedOn(state, change.business_id, change.cursor)
    case 'connection':
      return { ...state, connection: change.connection }
    case 'me':
      return { ...state, me: change.me } as State
    case 'unkept':
      return { ...state, keeps: false }
    case 'typing':
      return inThread(
        state,
        change.conversation_id,
        (thread) => typed(thread, change.author, change.until),
      )
    case 'typing_over':
      return eachThread(state, (thread) => untyped(thread, change.now))
    case 'other_waiting':
      if (state.side !== 'staff') return state
      return { ...state, elsewhere: new Map(state.elsewhere).set(change.business_id, change.waiting) }
    case 'anew':
      return anew(state, change)
    case 'pending':
      return inThread(
        begun(state, change.conversation_id, change.pending.length > 0),
        change.conversation_id,
        (thread) => pended(thread, change),
      )
    case 'acknowledged':
      return inThread(state, change.conversation_id, (thread) => confirmed(thread, change, myself(state)))
    case 'forget':
      return withThreads(state, change.conversation_ids.reduce((left, id) => left.without(id), state.threads))
    default:
      return refolded(foldPage(state, change), change)
  }
}

/** What was heard while a page was on its way may be about rows that only the page brought. */
function refolded(state: State, page: Page): State {
  // Rows know what they hold; of a thread's page, an older message would stand above a gap.
  const from = page.type === 'thread' ? seqOf(page.page.cursor) : 0
  return (page.since ?? []).reduce(
    (after: State, event) => event.seq > from ? foldEvent(after, event) : after,
    state,
  )
}

/** The author that the server will name for what is written here. */
export function myself(state: State): AuthorItem {
  const { id, first_name, last_name } = state.side === 'staff' ? state.me.staff : state.me.person
  return { side: state.side, id, name: `${first_name} ${last_name}` }
}

function anew(state: State, change: Extract<Local, { type: 'anew' }>): State {
  let after: State
  if (state.side === 'staff') {
    const { me, connection, elsewhere, keeps } = state
    const cursor = change.cursors[me.staff.business_id] ?? null
    after = { ...emptyDesk(me), connection, elsewhere, keeps, cursor, threads: unsent(state.threads) }
  } else {
    const gone = (business_id: string) => business_id in change.cursors
    const conversations = kept(state.conversations, (row) => !gone(row.business.id))
    after = {
      ...state,
      cursors: { ...state.cursors, ...change.cursors },
      conversations,
      memberships: kept(state.memberships, (row) => !gone(row.business.id)),
      threads: unsent(state.threads, (thread) => conversations.has(thread.id)),
    }
  }
  return change.pages.reduce((rest: State, page) => fold(rest, page), after)
}

function kept<V>(rows: Shelf<V>, stays: (row: V) => boolean): Shelf<V> {
  return Shelf.of([...rows].filter(([, row]) => stays(row)))
}

/** Threads as if nothing were known of them but what waits to be sent. */
function unsent(threads: Shelf<Thread>, stays: (thread: Thread) => boolean = () => false): Shelf<Thread> {
  const left = [...threads.values()].flatMap((thread): (readonly [string, Thread])[] => {
    if (stays(thread)) return [[thread.id, thread]]
    return thread.pending.length ? [[thread.id, { ...unfetched(thread.id), pending: thread.pending }]] : []
  })
  return Shelf.of(left)
}

function begun(state: State, conversation_id: string, wanted: boolean): State {
  if (!wanted || state.threads.has(conversation_id)) return state
  return withThreads(state, state.threads.with(conversation_id, unfetched(conversation_id)))
}

function eachThread(state: State, change: (thread: Thread) => Thread): State {
  return [...state.threads.keys()].reduce((after: State, id) => inThread(after, id, change), state)
}

function withThreads(state: State, threads: Shelf<Thread>): State {
  return threads === state.threads ? state : { ...state, threads }
}
