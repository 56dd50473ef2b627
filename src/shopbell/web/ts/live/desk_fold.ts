/** What the console sees after one event of its business. Every part is safe to be told the same twice. */

import type { MessagesRead, MessageWithdrawn, TicketItem } from './generated/events.ts'
import { heard, inThread, inWords, marked, noted, withdrawn } from './thread_fold.ts'
import type { DeskState, HistoryItem, Member, Message, StaffEvent, Ticket } from './types.ts'

const LINE_CHARACTERS = 140
// What the server counts as white space, which is not quite what \s does.
// deno-lint-ignore no-control-regex
const SPACE = /[\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/gu

export function foldDesk(state: DeskState, event: StaffEvent): DeskState {
  switch (event.name) {
    case 'message_posted':
      return messagePosted(state, event.body)
    case 'message_withdrawn':
      return messageWithdrawn(state, event.body, event.seq)
    case 'messages_read':
      return messagesRead(state, event.body, event.seq)
    case 'messages_delivered': {
      const { conversation_id, side, seq } = event.body
      return inThread(state, conversation_id, (thread) => marked(thread, side, 'delivered', seq))
    }
    case 'ticket_opened':
    case 'ticket_assigned':
    case 'ticket_released':
    case 'ticket_prioritised':
    case 'ticket_closed':
    case 'ticket_reopened': {
      const { by, ...ticket } = event.body
      return ticketNow(state, event.seq, ticket, { name: event.name, at: event.at, by, body: event.body })
    }
    case 'tickets_pulled':
      return event.body.tickets.reduce((after, ticket) => {
        const happened = { name: event.name, at: event.at, by: event.body.by, body: ticket }
        return ticketNow(after, event.seq, ticket, happened)
      }, state)
    case 'note_posted': {
      const note = event.body
      const row = changedRow(state, note.ticket_id, note.seq, () => ({
        updated_at: note.created_at,
        updated_seq: note.seq,
      }))
      const conversation_id = conversationOf(state, note.ticket_id)
      return conversation_id ? inThread(row, conversation_id, (thread) => noted(thread, [note])) : row
    }
    case 'waiting_changed':
      if (event.seq <= state.counts.as_of) return state
      return { ...state, counts: { ...event.body, as_of: event.seq } }
    case 'feedback_given':
      return rated(state, event)
    case 'member_joined':
    case 'member_left':
    case 'member_blocked':
    case 'member_unblocked':
      return memberNow(state, event)
    case 'staff_added':
    case 'staff_changed':
      return { ...state, staff: new Map(state.staff).set(event.body.staff.id, event.body.staff) }
    // What the console shows of its own business is its name, which comes with `me`.
    case 'profile_changed':
    default:
      return state
  }
}

/** The conversation of a ticket, as far as anything here knows the ticket. */
function conversationOf(state: DeskState, ticket_id: string): string | undefined {
  const ticket = state.tickets.get(ticket_id)
  if (ticket) return ticket.conversation_id
  for (const thread of state.threads.values()) if (thread.tickets.includes(ticket_id)) return thread.id
  return undefined
}

/** Tickets that an event moves in the panel though their rows are not here: they are to be fetched. */
export function strangers(state: DeskState, event: StaffEvent): readonly string[] {
  if (event.name === 'message_posted') {
    const { kind, ticket_id } = event.body
    return kind !== 'feedback_request' && ticket_id && !state.tickets.has(ticket_id) ? [ticket_id] : []
  }
  if (event.name === 'note_posted' && !state.tickets.has(event.body.ticket_id)) return [event.body.ticket_id]
  return []
}

/** The text as a row of the panel quotes it: runs of white space as one blank, by code points. */
export function lineOf(text: string): string {
  const start = Array.from(text.slice(0, 8 * LINE_CHARACTERS)).slice(0, 4 * LINE_CHARACTERS).join('')
  return Array.from(start.replace(SPACE, ' ').replace(/^ | $/gu, '')).slice(0, LINE_CHARACTERS).join('')
}

function messagePosted(before: DeskState, message: Message): DeskState {
  const state = inThread(before, message.conversation_id, (thread) => heard(thread, message))
  if (message.kind === 'feedback_request' || !message.ticket_id) return state
  const theirs = message.author.side === 'person' ? 1 : 0
  return changedRow(state, message.ticket_id, message.seq, (row) => ({
    messages: row.messages + theirs,
    unread: row.unread + theirs,
    last_line: lineOf(inWords(message)),
    last_seq: message.seq,
    updated_at: message.created_at,
    updated_seq: message.seq,
  }))
}

function messageWithdrawn(before: DeskState, gone: MessageWithdrawn, seq: number): DeskState {
  let state = inThread(before, gone.conversation_id, (thread) => withdrawn(thread, gone))
  // Withdrawing is rare enough for a look at every row.
  for (const row of before.tickets.values()) {
    if (quotes(row, gone)) state = changedRow(state, row.id, seq, () => ({ last_line: '' }))
  }
  for (const [ticket_id, known] of before.history) {
    if (!known.items.some((item) => quotes(item.body, gone))) continue
    const items = known.items.map((item) =>
      quotes(item.body, gone) ? { ...item, body: { ...item.body, last_line: '' } } : item
    )
    state = { ...state, history: state.history.with(ticket_id, { ...known, items }) }
  }
  return state
}

function quotes(ticket: TicketItem, gone: MessageWithdrawn): boolean {
  return ticket.last_seq === gone.seq && ticket.conversation_id === gone.conversation_id
}

function messagesRead(before: DeskState, body: MessagesRead, seq: number): DeskState {
  const state = inThread(
    before,
    body.conversation_id,
    (thread) => marked(thread, body.side, 'read', body.seq),
  )
  const tickets = body.tickets ?? []
  return tickets.reduce((after, { id, unread }) => changedRow(after, id, seq, () => ({ unread })), state)
}

function changedRow(
  state: DeskState,
  id: string,
  seq: number,
  change: (row: Ticket) => Partial<Ticket>,
): DeskState {
  const row = state.tickets.get(id)
  if (!row || seq <= row.as_of) return state
  return { ...state, tickets: state.tickets.with(id, { ...row, ...change(row), as_of: seq }) }
}

function ticketNow(before: DeskState, seq: number, ticket: TicketItem, happened: HistoryItem): DeskState {
  let state = before
  const row = state.tickets.get(ticket.id)
  if (!row || seq > row.as_of) {
    state = { ...state, tickets: state.tickets.with(ticket.id, { ...ticket, as_of: seq }) }
  }
  const isNew = happened.name === 'ticket_opened'
  const past = state.history.get(ticket.id) ?? (isNew ? { items: [], as_of: 0 } : undefined)
  if (past && seq > past.as_of) {
    const now = { items: [...past.items, happened], as_of: seq }
    state = { ...state, history: state.history.with(ticket.id, now) }
  }
  if (isNew && !state.feedback.has(ticket.id)) {
    state = { ...state, feedback: state.feedback.with(ticket.id, { items: [], as_of: seq }) }
  }
  return state
}

function rated(state: DeskState, event: Extract<StaffEvent, { name: 'feedback_given' }>): DeskState {
  const { ticket_id, rating, comment } = event.body
  const known = state.feedback.get(ticket_id)
  if (!known || event.seq <= known.as_of) return state
  const items = [{ rating, comment, at: event.at }, ...known.items]
  return { ...state, feedback: state.feedback.with(ticket_id, { items, as_of: event.seq }) }
}

type MemberEvent = Extract<
  StaffEvent,
  { name: 'member_joined' | 'member_left' | 'member_blocked' | 'member_unblocked' }
>

function memberNow(state: DeskState, event: MemberEvent): DeskState {
  const { person } = event.body
  const known = state.members.get(person.id)
  if (known && event.seq <= known.as_of) return state
  const changes = memberChanges(event)
  if (!known && event.name !== 'member_joined') return state
  const member: Member = {
    ...(known ?? { joined_at: null, blocked: false }),
    ...person,
    ...changes,
    as_of: event.seq,
  }
  return { ...state, members: state.members.with(person.id, member) }
}

function memberChanges(event: MemberEvent): Partial<Member> {
  switch (event.name) {
    case 'member_joined':
      return { joined_at: event.body.joined_at, blocked: false }
    case 'member_left':
      return { joined_at: null }
    case 'member_blocked':
      return { blocked: true }
    case 'member_unblocked':
      return { blocked: false }
  }
}
