/** The list of chats as it is drawn, made from what is known: pure readings of the state. */
import { inWords } from '../live/thread_fold.ts'
import type { ConversationItem, MemberState, Message, Thread } from '../live/types.ts'

/** How far one's own last message has come. */
export type Fate = 'waiting' | 'failed' | 'sent' | 'delivered' | 'read'

/** A line of the list. `line` is what was said last, null if nothing yet. */
export interface Chat {
  readonly id: string
  readonly business: { readonly id: string; readonly name: string }
  readonly line: Line | null
  /** RFC 3339: when it last moved. */
  readonly at: string
  readonly unread: number
  readonly isMuted: boolean
  readonly fate: Fate | null
}

export interface Line {
  readonly kind: Message['kind'] | 'withdrawn'
  readonly text: string
  readonly isMine: boolean
}

/** The chats that contain each word of `q` in their name or last line, the one that moved last first. */
export function chats(state: MemberState, muted: ReadonlySet<string>, q: string): readonly Chat[] {
  const words = plain(q).split(/\s+/).filter(Boolean)
  return [...state.conversations.values()]
    .map((one) => chat(one, state.threads.get(one.id), muted))
    .filter((one) => matches(one, words))
    .sort((one, other) => (one.at < other.at ? 1 : one.at > other.at ? -1 : one.id < other.id ? 1 : -1))
}

/** How many messages wait to be read, in chats that are not muted. */
export function unread(state: MemberState, muted: ReadonlySet<string>): number {
  let sum = 0
  for (const one of state.conversations.values()) if (!muted.has(one.id)) sum += one.unread
  return sum
}

/** How many messages were written here and have not reached the server. */
export function unsent(state: MemberState): number {
  let sum = 0
  for (const thread of state.threads.values()) sum += thread.pending.length
  return sum
}

/** The person's chat with a business, if there is one. */
export function chatWith(state: MemberState, businessId: string): ConversationItem | undefined {
  for (const one of state.conversations.values()) if (one.business.id === businessId) return one
  return undefined
}

function chat(one: ConversationItem, thread: Thread | undefined, muted: ReadonlySet<string>): Chat {
  const last = thread?.messages.at(-1) ?? one.last_message
  const newest = last && one.last_message && one.last_message.seq > last.seq ? one.last_message : last
  const pending = thread?.pending.at(-1)
  const shared = { id: one.id, business: one.business, unread: one.unread, isMuted: muted.has(one.id) }
  if (pending) {
    const fate = thread?.pending.some((each) => each.status === 'failed') ? 'failed' : 'waiting'
    return { ...shared, line: { kind: 'text', text: pending.text, isMine: true }, at: pending.at, fate }
  }
  return {
    ...shared,
    line: newest ? line(newest) : null,
    at: newest?.created_at ?? one.created_at,
    fate: newest?.author.side === 'person' && thread ? fate(newest, thread) : null,
  }
}

function line(message: Message): Line {
  return {
    kind: message.withdrawn_at ? 'withdrawn' : message.kind,
    text: inWords(message),
    isMine: message.author.side === 'person',
  }
}

function fate(message: Message, thread: Thread): Fate {
  const { read, delivered } = thread.marks.staff
  if (message.seq <= read) return 'read'
  return message.seq <= delivered ? 'delivered' : 'sent'
}

function matches(one: Chat, words: readonly string[]): boolean {
  if (words.length === 0) return true
  const text = plain(`${one.business.name} ${one.line?.text ?? ''}`)
  return words.every((word) => text.includes(word))
}

// As the server finds businesses: without regard to case and accents.
function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
}
