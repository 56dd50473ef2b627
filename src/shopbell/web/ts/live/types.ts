/** The shapes of live state: what the fold makes of what the server says, and all that a screen draws from. */

import type {
  AuthorItem,
  ConversationItem as ConversationAnswer,
  Feedback,
  HistoryItem as HistoryAnswer,
  MemberItem,
  MembershipItem as MembershipAnswer,
  MessageItem,
  NoteItem,
  PersonMe,
  Problem as ProblemAnswer,
  StaffItem,
  StaffMe,
  TicketItem,
} from './generated/api.ts'
import type { PersonEvent, StaffEvent } from './generated/events.ts'
import type { Shelf } from './shelf.ts'

export type { AuthorItem, Feedback, PersonEvent, PersonMe, StaffEvent, StaffItem, StaffMe }

export type Side = 'staff' | 'person'
/** By business id. */
export type Cursors = Readonly<Record<string, string>>
export type Me = StaffMe | PersonMe
export type ServerEvent = StaffEvent | PersonEvent

/** A refusal; what depends on `code` is absent elsewhere. `status` 0 is a request that got no answer at all. */
export interface Problem extends ProblemAnswer {
  readonly holder?: { readonly id: string; readonly name: string }
  /** With `new_messages`. */
  readonly messages?: readonly MessageItem[]
  /** With `follow_up_open`. */
  readonly follow_up?: TicketItem
  /** Seconds. */
  readonly retry_after?: number
}

/** `as_of`: the number of the newest event the row holds; what is at or before it is folded in already. */
export interface Ticket extends TicketItem {
  readonly as_of: number
}

export type Message = MessageItem
export type Note = NoteItem

/** What was done with a ticket; `body` is the ticket as it was then. */
export interface HistoryItem extends Omit<HistoryAnswer, 'body'> {
  readonly body: TicketItem
}

/** A list that is known from its beginning to `as_of`. */
export interface Known<T> {
  readonly items: readonly T[]
  readonly as_of: number
}

export interface ConversationItem extends ConversationAnswer {
  readonly as_of: number
}

/** `slug` is unknown while the membership is known from an event alone. */
export interface Membership {
  readonly business: MembershipAnswer['business'] | { readonly id: string; readonly name: string }
  readonly joined_at: string
  readonly as_of: number
}

/** Somebody the business knows; `joined_at` null is no member (any more). */
export interface Member extends MemberItem {
  readonly as_of: number
}

/** How far a side has read and received, as numbers of messages; 0 is nothing yet. */
export interface Mark {
  readonly read: number
  readonly delivered: number
}

export interface Typing {
  readonly author: AuthorItem
  /** Milliseconds since 1970, when it is no longer to be shown. */
  readonly until: number
}

/** What was written here and is not confirmed yet: drawn by the same template as a message or note. */
export interface Pending {
  readonly nonce: string
  readonly kind: 'message' | 'note'
  /** Of a note. */
  readonly ticket_id?: string
  readonly text: string
  /** RFC 3339, by this device's clock. */
  readonly at: string
  readonly status: 'waiting' | 'sending' | 'failed'
  /** Why it failed. */
  readonly problem?: Problem
}

export interface Thread {
  /** Of the conversation. */
  readonly id: string
  /** Whether the newest page is here, so that every later message comes by itself. */
  readonly loaded: boolean
  /** Ascending by `seq`, without gaps from the first to the newest. */
  readonly messages: readonly Message[]
  /** Whether the oldest message is here. */
  readonly complete: boolean
  /** Staff: the tickets of the messages that are here, the oldest first. */
  readonly tickets: readonly string[]
  /** Staff: of the tickets whose notes were fetched, and all that came since; ascending by `seq`. */
  readonly notes: readonly Note[]
  readonly pending: readonly Pending[]
  /** The nonce of what was written here last, in this tab. */
  readonly written?: string
  readonly marks: { readonly person: Mark; readonly staff: Mark }
  readonly typing: readonly Typing[]
}

/** `since` and `retryAt` in milliseconds since 1970. `live` only after the server said `ready`. */
export interface Connection {
  readonly status: 'connecting' | 'live' | 'offline' | 'signed-out'
  readonly since: number
  readonly retryAt?: number
}

/** How much of a view of the panel was fetched: rows up to `edge`, in the view's order, are all here. */
export interface Fetched {
  /** The `after` of the following page; null when there is none. */
  readonly next: string | null
  /** The last row of the last page, as it was then. */
  readonly edge: TicketItem | null
}

/** What the console draws. `keeps`: whether this browser still keeps what is written here, should the page be closed. */
export interface DeskState {
  readonly side: 'staff'
  readonly me: StaffMe
  readonly connection: Connection
  /** Everything up to it is folded in; null before the first answer. */
  readonly cursor: string | null
  readonly counts: { readonly waiting: number; readonly unclaimed: number; readonly as_of: number }
  /** Every row that is known; lists are derived from it. */
  readonly tickets: Shelf<Ticket>
  /** By the key the page of tickets was folded in with. */
  readonly views: ReadonlyMap<string, Fetched>
  /** By conversation id. */
  readonly threads: Shelf<Thread>
  /** By ticket id, oldest first. */
  readonly history: Shelf<Known<HistoryItem>>
  /** By ticket id, newest first. */
  readonly feedback: Shelf<Known<Feedback>>
  /** By person id; those that were fetched or heard of. */
  readonly members: Shelf<Member>
  /** By staff id. */
  readonly staff: ReadonlyMap<string, StaffItem>
  /** How many wait in each other business of the login. */
  readonly elsewhere: ReadonlyMap<string, number>
  readonly keeps: boolean
}

/** What the member app draws; `keeps` as of the console. */
export interface MemberState {
  readonly side: 'person'
  readonly me: PersonMe
  readonly connection: Connection
  /** By business id: everything up to it is folded in. */
  readonly cursors: Cursors
  /** By conversation id. */
  readonly conversations: Shelf<ConversationItem>
  /** By conversation id. */
  readonly threads: Shelf<Thread>
  /** By business id. */
  readonly memberships: Shelf<Membership>
  /** Whether `conversations` and `memberships` are complete, so that an empty list may be called empty. */
  readonly listed: boolean
  readonly keeps: boolean
}

export type State = DeskState | MemberState
