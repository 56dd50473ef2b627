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

/** The store's promise: `state` never changes, the next one shares what stayed the same. */
export interface Store<S extends State> {
  readonly state: S
  /** Calls back at most once a frame, with the newest state. Returns the end of it. */
  subscribe(heard: (state: S) => void): () => void
  dispatch(change: Change): void
}

/** A page of a thread, with where it was read. */
export interface ThreadPage {
  readonly items: readonly Message[]
  readonly next: string | null
  readonly cursor: string
  readonly conversation: {
    readonly id: string
    readonly business_id: string
    readonly person_read: number
    readonly person_delivered: number
    readonly staff_read: number
    readonly staff_delivered: number
  }
}

/** Whatever moves a state on: an event of the server, or one of these. Pages carry the `cursor` they were read at. */
export type Change = ServerEvent | Local

export type Local =
  | { readonly type: 'cursor'; readonly business_id: string; readonly cursor: string }
  | { readonly type: 'connection'; readonly connection: Connection }
  | { readonly type: 'me'; readonly me: Me }
  /** From now on the browser keeps nothing of what is written here. */
  | { readonly type: 'unkept' }
  | {
    readonly type: 'typing'
    readonly conversation_id: string
    readonly author: AuthorItem
    readonly until: number
  }
  | { readonly type: 'typing_over'; readonly now: number }
  | { readonly type: 'other_waiting'; readonly business_id: string; readonly waiting: number }
  /** Everything of these businesses was fetched anew: what was known of them goes, unsent messages stay. */
  | { readonly type: 'anew'; readonly cursors: Cursors; readonly pages: readonly Page[] }
  | { readonly type: 'pending'; readonly conversation_id: string; readonly pending: readonly Pending[] }
  | Acknowledged
  /** Threads beyond what memory should hold. */
  | { readonly type: 'forget'; readonly conversation_ids: readonly string[] }
  | Page

/** A pending message that is stored now. */
export interface Acknowledged {
  readonly type: 'acknowledged'
  readonly conversation_id: string
  readonly nonce: string
  readonly id: string
  readonly seq: number
  readonly created_at: string
}

/** What was fetched. `since` holds the events heard while the answer was on its way. */
export type Page = PageBody & { readonly since?: readonly ServerEvent[] }

export type PageBody =
  | { readonly type: 'counts'; readonly waiting: number; readonly unclaimed: number; readonly cursor: string }
  | {
    readonly type: 'tickets'
    readonly items: readonly TicketItem[]
    readonly cursor: string
    /** A key of the caller's choice for the view it is a page of. */
    readonly view?: string
    readonly next?: string | null
  }
  | {
    readonly type: 'feedback'
    readonly ticket_id: string
    readonly items: readonly Feedback[]
    readonly cursor: string
  }
  | {
    readonly type: 'history'
    readonly ticket_id: string
    readonly items: readonly HistoryItem[]
    readonly cursor: string
  }
  | {
    readonly type: 'notes'
    readonly conversation_id: string
    readonly items: readonly Note[]
    readonly cursor: string
  }
  | { readonly type: 'members'; readonly items: readonly MemberItem[]; readonly cursor: string }
  | { readonly type: 'staff'; readonly items: readonly StaffItem[] }
  | {
    readonly type: 'thread'
    readonly page: ThreadPage /** The newest page, or one before what is here. */
    readonly newest: boolean
  }
  | {
    readonly type: 'conversations'
    readonly items: readonly ConversationAnswer[]
    readonly cursors: Cursors
  }
  | {
    readonly type: 'memberships'
    readonly items: readonly MembershipAnswer[]
    readonly cursors: Cursors
  }
  | { readonly type: 'listed' }
