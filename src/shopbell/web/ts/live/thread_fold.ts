/** What happens to threads, on either side: every function answers the thread after it. */

import type { MessageWithdrawn } from './generated/events.ts'
import type { Acknowledged, ThreadPage } from './changes.ts'
import type { AuthorItem, Mark, Message, Note, Pending, State, Thread } from './types.ts'
import { seqOf } from './cursors.ts'

const UNMARKED: Mark = { read: 0, delivered: 0 }

/** The state with that thread changed; the same one where the thread is not known. */
export function inThread<S extends State>(
  state: S,
  conversation_id: string | undefined,
  change: (thread: Thread) => Thread,
): S {
  const thread = conversation_id && state.threads.get(conversation_id)
  if (!thread) return state
  return { ...state, threads: state.threads.with(thread.id, change(thread)) }
}

/** A thread of which nothing is known yet. */
export function unfetched(id: string): Thread {
  return {
    id,
    loaded: false,
    messages: [],
    complete: false,
    tickets: [],
    notes: [],
    pending: [],
    marks: { person: UNMARKED, staff: UNMARKED },
    typing: [],
  }
}

/** A message came in; what was pending under its nonce is it. */
export function heard(thread: Thread, message: Message): Thread {
  const settled = message.nonce === undefined ? thread : unpended(thread, message.nonce)
  const quiet = settled.typing.length
    ? { ...settled, typing: withoutTyping(settled, message.author) }
    : settled
  // Before the newest page is here, a message on its own would stand above a gap.
  if (!thread.loaded) return quiet
  return withMessages(quiet, [message])
}

/** The server has stored a pending message: it takes its place before the event about it comes. */
export function confirmed(thread: Thread, done: Acknowledged, author: AuthorItem): Thread {
  const pending = thread.pending.find((one) => one.nonce === done.nonce)
  if (!pending) return thread
  const rest = unpended(thread, done.nonce)
  if (pending.kind === 'note') {
    const { id, seq, nonce, created_at } = done
    return noted(rest, [{
      id,
      seq,
      nonce,
      created_at,
      ticket_id: pending.ticket_id!,
      text: pending.text,
      author,
    }])
  }
  const message: Message = {
    id: done.id,
    seq: done.seq,
    kind: 'text',
    author,
    text: pending.text,
    attachments: [],
    nonce: done.nonce,
    created_at: done.created_at,
    conversation_id: done.conversation_id,
  }
  return withMessages(rest, [message])
}

export function withdrawn(thread: Thread, gone: MessageWithdrawn): Thread {
  const at = placeOf(thread.messages, gone.seq)
  const message = thread.messages[at]
  if (message?.seq !== gone.seq || message.withdrawn_at) return thread
  const messages = [...thread.messages]
  messages[at] = emptied(message, gone)
  return { ...thread, messages }
}

/** What a message says in one line: its text, or else what its attachments are called. */
export function inWords(message: Message): string {
  return message.text || message.attachments.map(({ name }) => name).join(', ')
}

/** A withdrawn message keeps its place, without what it said. */
export function emptied(message: Message, gone: MessageWithdrawn): Message {
  return { ...message, text: '', attachments: [], withdrawn_at: gone.withdrawn_at }
}

/** A mark only ever moves forward. */
export function marked(thread: Thread, side: string, what: keyof Mark, seq: number): Thread {
  if (side !== 'person' && side !== 'staff') return thread
  const mark = thread.marks[side]
  if (seq <= mark[what]) return thread
  return { ...thread, marks: { ...thread.marks, [side]: { ...mark, [what]: seq } } }
}

/** The newest page, or the one before what is here. */
export function paged(thread: Thread, page: ThreadPage, newest: boolean): Thread {
  const known = thread.loaded
    ? thread.messages
    : thread.messages.filter((one) => one.seq > seqOf(page.cursor))
  const place = page.conversation
  const marks = {
    person: further(thread.marks.person, place.person_read, place.person_delivered),
    staff: further(thread.marks.staff, place.staff_read, place.staff_delivered),
  }
  const complete = (thread.loaded && thread.complete) || page.next === null
  const loaded = thread.loaded || newest
  return withMessages({ ...thread, loaded, complete, marks, messages: known }, page.items)
}

/** Notes never change, so a second copy is dropped; what was pending under the nonce of one is it. */
export function noted(thread: Thread, notes: readonly Note[]): Thread {
  const known = new Set(thread.notes.map((note) => note.id))
  const fresh = notes.filter((note) => !known.has(note.id))
  const settled = notes.reduce(
    (rest, { nonce }) => nonce === undefined ? rest : unpended(rest, nonce),
    thread,
  )
  if (!fresh.length) return settled
  return { ...settled, notes: [...settled.notes, ...fresh].sort((one, other) => one.seq - other.seq) }
}

export function pended(
  thread: Thread,
  { pending, written }: { readonly pending: readonly Pending[]; readonly written?: string },
): Thread {
  // A queue written down before the answer came may still hold what is confirmed by now.
  const said = new Set(thread.pending.length || pending.length ? lately(thread) : [])
  const open = pending.filter((one) => !said.has(one.nonce))
  if (!open.length && !thread.pending.length) return thread
  return { ...thread, pending: open, ...(written === undefined ? {} : { written }) }
}

export function typed(thread: Thread, author: AuthorItem, until: number): Thread {
  return { ...thread, typing: [...withoutTyping(thread, author), { author, until }] }
}

export function untyped(thread: Thread, now: number): Thread {
  if (thread.typing.every((one) => one.until > now)) return thread
  return { ...thread, typing: thread.typing.filter((one) => one.until > now) }
}

/** The place of the first message with that number or a later one. */
export function placeOf(messages: readonly Message[], seq: number): number {
  let low = 0
  let high = messages.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (messages[middle]!.seq < seq) low = middle + 1
    else high = middle
  }
  return low
}

function withMessages(thread: Thread, more: readonly Message[]): Thread {
  const messages = merged(thread.messages, more)
  if (messages === thread.messages) return thread
  const known = more.every(({ ticket_id }) => !ticket_id || thread.tickets.includes(ticket_id))
  if (known) return { ...thread, messages }
  const tickets = new Set<string>()
  for (const { ticket_id } of messages) if (ticket_id) tickets.add(ticket_id)
  return { ...thread, messages, tickets: [...tickets] }
}

/** Both in one order; of two copies the later one counts, unless it is from before a withdrawal. */
function merged(known: readonly Message[], more: readonly Message[]): readonly Message[] {
  const last = known.at(-1)
  const [first] = more
  if (!first) return known
  if (!last || first.seq > last.seq) return [...known, ...more]
  // The page before what is here, which may be long.
  if (more.at(-1)!.seq < known[0]!.seq) return [...more, ...known]
  const bySeq = new Map(known.map((message) => [message.seq, message]))
  for (const message of more) {
    if (!bySeq.get(message.seq)?.withdrawn_at) bySeq.set(message.seq, message)
  }
  return [...bySeq.values()].sort((one, other) => one.seq - other.seq)
}

function further(mark: Mark, read: number, delivered: number): Mark {
  if (read <= mark.read && delivered <= mark.delivered) return mark
  return { read: Math.max(mark.read, read), delivered: Math.max(mark.delivered, delivered) }
}

function unpended(thread: Thread, nonce: string): Thread {
  if (!thread.pending.some((one) => one.nonce === nonce)) return thread
  return { ...thread, pending: thread.pending.filter((one) => one.nonce !== nonce) }
}

function withoutTyping(thread: Thread, author: AuthorItem): Thread['typing'] {
  return thread.typing.filter((one) => one.author.id !== author.id)
}

const LATELY = 200

function lately(thread: Thread): string[] {
  const said = [...thread.messages.slice(-LATELY), ...thread.notes.slice(-LATELY)]
  return said.flatMap(({ nonce }) => nonce === undefined ? [] : [nonce])
}
