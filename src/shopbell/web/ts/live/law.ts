/**
 * The law of the fold, tried on recorded streams: a snapshot folded with the events after it is the next snapshot.
 *
 * `deno run law.ts` tries a list of streams from its standard input; `./law_test.ts` those that are kept here.
 */

import { emptyDesk, emptyMember, fold } from './fold.ts'
import { unfetched } from './thread_fold.ts'
import type { PageBody } from './changes.ts'
import type {
  DeskState,
  MemberState,
  Message,
  PersonMe,
  ServerEvent,
  StaffMe,
  State,
  Thread,
} from './types.ts'

/** Everything a screen can fetch, as of one event; what depends on the side is absent on the other. */
export interface Snapshot {
  seq: number
  // deno-lint-ignore no-explicit-any
  [kind: string]: any
}

export interface Stream {
  side: 'staff' | 'person'
  business_id: string
  /** Whose threads are on the screen from the beginning. */
  conversation_ids: string[]
  /** `after[n]` is what was fetched once `frames[n]` had been heard, beginning with `first`. */
  first: Snapshot
  frames: ServerEvent[][]
  after: Snapshot[]
}

/** Fold the whole stream stop by stop. Throws where state and snapshot differ, naming the place. */
export function tryLaw(stream: Stream): number {
  let state = fetched(stream, stream.first)
  let events = 0
  stream.frames.forEach((frames, at) => {
    for (const frame of frames) state = fold(state, frame)
    events += frames.length
    state = fold(state, {
      type: 'cursor',
      business_id: stream.business_id,
      cursor: `e-${stream.after[at]!.seq}`,
    })
    same(seen(state), stream.after[at], `stop ${at}`)
    // Told all over again, as by a page that overlaps what was heard, nothing changes.
    same(seen(frames.reduce(fold<State>, state)), stream.after[at], `stop ${at}, told twice`)
    same(seen(late(stream, at)), stream.after[at], `stop ${at}, fetched late`)
  })
  return events
}

/** A screen whose first pages were on their way while the events of one stop were heard. */
function late(stream: Stream, at: number): State {
  const before = at === 0 ? stream.first : stream.after[at - 1]!
  const since = stream.frames[at]!
  const cursor = `e-${stream.after[at]!.seq}`
  let state: State = fold(empty(stream), { type: 'cursor', business_id: stream.business_id, cursor })
  for (const page of pagesOf(stream, before)) state = fold(state, { ...page, since })
  return state
}

/** The state after fetching everything. */
export function fetched(stream: Stream, snapshot: Snapshot): State {
  const state = pagesOf(stream, snapshot).reduce((before, page) => fold(before, page), empty(stream))
  return fold(state, { type: 'cursor', business_id: stream.business_id, cursor: `e-${snapshot.seq}` })
}

function empty(stream: Stream): State {
  if (stream.side === 'person') return emptyMember({ side: 'person' } as PersonMe)
  return emptyDesk({ side: 'staff', staff: { business_id: stream.business_id } } as StaffMe)
}

function* threadPages(stream: Stream, snapshot: Snapshot): Generator<PageBody> {
  const cursor = `e-${snapshot.seq}`
  for (const id of stream.side === 'staff' ? stream.conversation_ids : Object.keys(snapshot.conversations)) {
    const items = Object.values(snapshot.threads[id] ?? {}) as Message[]
    const conversation = { id, business_id: '', ...NO_MARKS, ...snapshot.marks[id] }
    yield { type: 'thread', page: { items, next: null, cursor, conversation }, newest: true }
  }
}

function pagesOf(stream: Stream, snapshot: Snapshot): PageBody[] {
  const cursor = `e-${snapshot.seq}`
  const pages = [...threadPages(stream, snapshot)]
  if (snapshot.conversations) {
    const items = Object.values(snapshot.conversations) as Extract<
      PageBody,
      { type: 'conversations' }
    >['items']
    const cursors = Object.fromEntries(items.map((row) => [row.business.id, cursor]))
    pages.push({ type: 'conversations', items, cursors })
    const loops = Object.values(snapshot.memberships) as Extract<PageBody, { type: 'memberships' }>['items']
    pages.push({
      type: 'memberships',
      items: loops,
      cursors: Object.fromEntries(loops.map((row) => [row.business.id, cursor])),
    })
    return pages
  }
  pages.push({ type: 'counts', ...snapshot.desk, cursor })
  // deno-lint-ignore no-explicit-any
  for (const { feedback, ...row } of Object.values<any>(snapshot.tickets)) {
    pages.push({ type: 'tickets', items: [row], cursor })
    pages.push({ type: 'feedback', ticket_id: row.id, items: feedback, cursor })
    pages.push({ type: 'history', ticket_id: row.id, items: snapshot.history[row.id] ?? [], cursor })
    const notes = snapshot.notes[row.id] ?? []
    pages.push({ type: 'notes', conversation_id: row.conversation_id, items: notes, cursor })
  }
  pages.push({ type: 'members', items: Object.values(snapshot.members), cursor })
  return pages
}

const NO_MARKS = { person_read: 0, person_delivered: 0, staff_read: 0, staff_delivered: 0 }

/** The state in the shape of a snapshot. */
function seen(state: State): Snapshot {
  return state.side === 'staff' ? deskSeen(state) : memberSeen(state)
}

function deskSeen(state: DeskState): Snapshot {
  const tickets = objectOf(state.tickets, ({ as_of: _, ...row }) => ({
    ...row,
    feedback: state.feedback.get(row.id)?.items ?? [],
  }))
  const notes: Record<string, unknown[]> = {}
  for (const thread of state.threads.values()) {
    for (const note of thread.notes) (notes[note.ticket_id] ??= []).push(note)
  }
  const members = [...state.members].filter(([, member]) => member.joined_at !== null)
  return {
    ...threadsSeen(state),
    seq: Number(state.cursor!.split('-').at(-1)),
    desk: { waiting: state.counts.waiting, unclaimed: state.counts.unclaimed },
    tickets,
    notes,
    history: objectOf(state.history, ({ items }) => items),
    members: objectOf(members, ({ as_of: _, ...member }) => member),
  }
}

function memberSeen(state: MemberState): Snapshot {
  return {
    ...threadsSeen(state),
    seq: Math.max(0, ...Object.values(state.cursors).map((cursor) => Number(cursor.split('-').at(-1)))),
    conversations: objectOf(state.conversations, ({ as_of: _, ...row }) => row),
    memberships: objectOf(state.memberships, ({ as_of: _, ...row }) => row),
  }
}

function threadsSeen(state: State): { threads: unknown; marks: unknown } {
  const threads = [...state.threads].filter(([, thread]) => thread.messages.length > 0)
  const marked = [...state.threads].filter(([id, { marks }]) => JSON.stringify(marks) !== NEW_MARKS(id))
  return {
    threads: objectOf(threads, ({ messages }) => Object.fromEntries(messages.map((one) => [one.seq, one]))),
    marks: objectOf(marked, ({ marks }: Thread) => ({
      person_read: marks.person.read,
      person_delivered: marks.person.delivered,
      staff_read: marks.staff.read,
      staff_delivered: marks.staff.delivered,
    })),
  }
}

const NEW_MARKS = (id: string): string => JSON.stringify(unfetched(id).marks)

function objectOf<V, W>(entries: Iterable<readonly [string, V]>, shown: (value: V) => W): Record<string, W> {
  return Object.fromEntries([...entries].map(([key, value]) => [key, shown(value)]))
}

/** Throws unless both are the same JSON, whatever the order of fields. */
function same(found: unknown, wanted: unknown, place: string): void {
  if (found === wanted) return
  if (typeof found !== 'object' || typeof wanted !== 'object' || !found || !wanted) {
    throw new Error(`${place}: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`)
  }
  const keys = new Set([...Object.keys(found), ...Object.keys(wanted)])
  for (const key of keys) {
    same((found as Record<string, unknown>)[key], (wanted as Record<string, unknown>)[key], `${place} ${key}`)
  }
}

if (import.meta.main) {
  const streams: Stream[] = await new Response(Deno.stdin.readable).json()
  console.log(streams.reduce((events, stream) => events + tryLaw(stream), 0))
}
