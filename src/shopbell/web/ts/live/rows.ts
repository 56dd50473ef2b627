/** State as rows and rows as state: which rows differ between two states, and the state that rows were of. */

import type { Database, Reading, Row, Stamp } from './db.ts'
import { emptyDesk, emptyMember } from './fold.ts'
import { Shelf } from './shelf.ts'
import { unfetched } from './thread_fold.ts'
import type { DeskState, Me, MemberState, Message, State, Thread } from './types.ts'

export interface Rows {
  readonly puts: Row[]
  readonly gone: string[]
}

const DESK_SHELVES = ['tickets', 'history', 'feedback', 'members'] as const
const MEMBER_SHELVES = ['conversations', 'memberships'] as const
const DIGITS = 16

type Shelves = Record<string, Shelf<unknown>>

/** What has to be written so that rows of `before` become rows of `after`; null stands for no rows. */
export function rowsBetween(before: State | null, after: State): Rows {
  const rows: Rows = { puts: [['self', selfOf(after)]], gone: [] }
  for (const name of shelvesOf(after)) {
    const now = (after as unknown as Shelves)[name]!
    const then = before ? (before as unknown as Shelves)[name]! : Shelf.empty()
    for (const { key, after: row } of now.since(then)) {
      if (row === undefined) rows.gone.push(`${name}/${key}`)
      else rows.puts.push([`${name}/${key}`, row])
    }
  }
  for (const { key, before: then, after: now } of after.threads.since(before?.threads ?? Shelf.empty())) {
    threadRows(rows, key, then, now)
  }
  return rows
}

/** A state as it was found written down, and the write that left it. */
export interface Kept {
  readonly state: State
  readonly stamp: Stamp
}

/** What the rows were written of; null when there are none of that side. */
export function readKept(database: Database, side: State['side']): Promise<Kept | null> {
  return database.read(async (rows, stamp) => {
    const first = await selfIn(rows)
    if (stamp === null || first?.side !== side) return null
    const found: Record<string, unknown> = { ...first }
    for (const name of shelvesOf(first)) {
      let shelf = Shelf.empty<unknown>()
      for await (const some of rows(`${name}/`)) {
        shelf = shelf.withAll(some.map(([key, row]) => [key.slice(name.length + 1), row] as const))
      }
      found[name] = shelf
    }
    return { state: { ...found, threads: await threadsIn(rows) } as unknown as State, stamp }
  })
}

/** The state without its rows, but with the cursors they belong to. */
async function selfIn(rows: Reading): Promise<State | null> {
  for await (const [row] of rows('self')) return fromSelf(row![1] as Self)
  return null
}

type Self =
  & { readonly me: Me }
  & Partial<
    Pick<DeskState, 'cursor' | 'counts' | 'views' | 'staff'> & Pick<MemberState, 'cursors' | 'listed'>
  >

function selfOf(state: State): Self {
  if (state.side === 'person') return { me: state.me, cursors: state.cursors, listed: state.listed }
  const { me, cursor, counts, views, staff } = state
  return { me, cursor, counts, views, staff }
}

function fromSelf({ me, ...kept }: Self): State {
  return me.side === 'staff'
    ? { ...emptyDesk(me), ...kept } as DeskState
    : { ...emptyMember(me), ...kept } as MemberState
}

function shelvesOf(state: State): readonly string[] {
  return state.side === 'staff' ? DESK_SHELVES : MEMBER_SHELVES
}

/** What of a thread is no message of it, and not gone with the page. */
type Head = Pick<Thread, 'loaded' | 'complete' | 'tickets' | 'notes' | 'marks'>

function headOf({ loaded, complete, tickets, notes, marks }: Thread): Head {
  return { loaded, complete, tickets, notes, marks }
}

function messageKey(conversation_id: string, seq: number): string {
  return `messages/${conversation_id}/${String(seq).padStart(DIGITS, '0')}`
}

function threadRows(rows: Rows, id: string, before: Thread | undefined, after: Thread | undefined): void {
  if (after) rows.puts.push([`threads/${id}`, headOf(after)])
  else rows.gone.push(`threads/${id}`)
  const then = before?.messages ?? []
  const now = after?.messages ?? []
  // Threads change at their ends, so what is the same at both needs no comparing by number.
  let start = 0
  while (start < then.length && start < now.length && then[start] === now[start]) start += 1
  let left = then.length
  let right = now.length
  while (left > start && right > start && then[left - 1] === now[right - 1]) {
    left -= 1
    right -= 1
  }
  const stays = new Set<number>()
  for (const message of now.slice(start, right)) {
    stays.add(message.seq)
    rows.puts.push([messageKey(id, message.seq), message])
  }
  for (const { seq } of then.slice(start, left)) if (!stays.has(seq)) rows.gone.push(messageKey(id, seq))
}

async function threadsIn(rows: Reading): Promise<Shelf<Thread>> {
  const threads = new Map<string, Thread>()
  const messages = new Map<string, Message[]>()
  for await (const some of rows('threads/')) {
    for (const [key, head] of some) {
      const id = key.slice('threads/'.length)
      messages.set(id, [])
      threads.set(id, { ...unfetched(id), ...(head as Head), messages: messages.get(id)! })
    }
  }
  for await (const some of rows('messages/')) {
    for (const [key, message] of some) messages.get(key.split('/')[1]!)?.push(message as Message)
  }
  return Shelf.of(threads)
}
