/** What the member app sees after one event. Every part is safe to be told the same twice. */

import type { MessagesRead, MessageWithdrawn } from './generated/events.ts'
import { emptied, heard, inThread, marked, unfetched, withdrawn } from './thread_fold.ts'
import type { ConversationItem, MemberState, Message, PersonEvent } from './types.ts'

export function foldMember(state: MemberState, event: PersonEvent): MemberState {
  switch (event.name) {
    case 'conversation_opened': {
      const fresh = { ...event.body, last_message: null, unread: 0, feedback_due: null, as_of: event.seq }
      if ((state.conversations.get(fresh.id)?.as_of ?? -1) >= event.seq) return state
      // Nothing was said before, so nothing needs to be fetched.
      const thread = { ...unfetched(fresh.id), loaded: true, complete: true }
      return {
        ...state,
        conversations: state.conversations.with(fresh.id, fresh),
        threads: state.threads.has(fresh.id) ? state.threads : state.threads.with(fresh.id, thread),
      }
    }
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
    case 'feedback_requested':
      return changedRow(state, withBusiness(state, event.business_id), event.seq, () => ({
        feedback_due: event.body.ticket_id,
      }))
    // Given, or no longer wanted because the ticket is open again.
    case 'feedback_recalled':
    case 'feedback_given':
      return changedRow(
        state,
        withBusiness(state, event.business_id),
        event.seq,
        (row) => row.feedback_due === event.body.ticket_id ? { feedback_due: null } : {},
      )
    case 'member_joined': {
      const { business, joined_at } = event.body
      const known = state.memberships.get(business.id)
      if (known && known.as_of >= event.seq) return state
      const named = known ? { ...known.business, ...business } : business
      const joined = { business: named, joined_at, as_of: event.seq }
      return { ...state, memberships: state.memberships.with(business.id, joined) }
    }
    case 'member_left': {
      const known = state.memberships.get(event.body.business.id)
      if (!known || known.as_of >= event.seq) return state
      return { ...state, memberships: state.memberships.without(event.body.business.id) }
    }
    default:
      return state
  }
}

/** Whether the event is about a conversation that should be in the list and is not: it is to be fetched. */
export function isStranger(state: MemberState, event: PersonEvent): boolean {
  return event.name === 'message_posted' && !state.conversations.has(event.body.conversation_id ?? '')
}

function messagePosted(before: MemberState, message: Message): MemberState {
  const state = inThread(before, message.conversation_id, (thread) => heard(thread, message))
  const told = message.author.side !== 'person' && message.kind !== 'feedback_request' ? 1 : 0
  return changedRow(state, message.conversation_id, message.seq, (row) => ({
    last_message: message,
    unread: row.unread + told,
  }))
}

function messageWithdrawn(before: MemberState, gone: MessageWithdrawn, seq: number): MemberState {
  const state = inThread(before, gone.conversation_id, (thread) => withdrawn(thread, gone))
  return changedRow(
    state,
    gone.conversation_id,
    seq,
    (row) => row.last_message?.seq === gone.seq ? { last_message: emptied(row.last_message, gone) } : {},
  )
}

function messagesRead(before: MemberState, body: MessagesRead, seq: number): MemberState {
  const state = inThread(
    before,
    body.conversation_id,
    (thread) => marked(thread, body.side, 'read', body.seq),
  )
  const { side, unread: left } = body
  if (side !== 'person' || left === undefined) return state
  return changedRow(state, body.conversation_id, seq, () => ({ unread: left }))
}

function changedRow(
  state: MemberState,
  id: string | undefined,
  seq: number,
  change: (row: ConversationItem) => Partial<ConversationItem>,
): MemberState {
  const row = id === undefined ? undefined : state.conversations.get(id)
  if (!row || seq <= row.as_of) return state
  return { ...state, conversations: state.conversations.with(row.id, { ...row, ...change(row), as_of: seq }) }
}

/** The person's one conversation with that business. */
function withBusiness(state: MemberState, business_id: string): string | undefined {
  for (const row of state.conversations.values()) if (row.business.id === business_id) return row.id
  return undefined
}
