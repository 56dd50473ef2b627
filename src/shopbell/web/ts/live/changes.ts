/** All that moves live state on: what the server says by itself, what was fetched, and what happens in this page. */

import type { ConversationItem, MemberItem, MembershipItem, NoteItem, TicketItem } from './generated/api.ts'
import type {
  AuthorItem,
  Connection,
  Cursors,
  Feedback,
  HistoryItem,
  Me,
  Message,
  Pending,
  ServerEvent,
  StaffItem,
} from './types.ts'

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
  | {
    readonly type: 'pending'
    readonly conversation_id: string
    readonly pending: readonly Pending[]
    /** The nonce of the one that was written here just now. */
    readonly written?: string
  }
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
    readonly items: readonly NoteItem[]
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
    readonly items: readonly ConversationItem[]
    readonly cursors: Cursors
  }
  | {
    readonly type: 'memberships'
    readonly items: readonly MembershipItem[]
    readonly cursors: Cursors
  }
  | { readonly type: 'listed' }
