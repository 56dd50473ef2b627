/** What the app shows beyond what the server knows of: where one is, what one searches, what a form was told. */
import type { Business, BusinessItem, PersonMe } from '../live/generated/api.ts'
import type { MemberState, Problem } from '../live/types.ts'
import type { Route } from './routes.ts'

/** Who is signed in; `asking` until that is known. */
export type Who =
  | { readonly status: 'asking' }
  | { readonly status: 'nobody' }
  | { readonly status: 'unreachable'; readonly problem: Problem }
  | { readonly status: 'somebody'; readonly me: PersonMe }

/** What a search of the directory found so far; `next` null is all of it. */
export interface Found {
  readonly q: string
  readonly items: readonly BusinessItem[]
  readonly next: string | null
  readonly status: 'idle' | 'searching' | 'done'
  readonly problem: Problem | null
}

/** A business page. */
export interface Shop {
  readonly business: Business | null
  readonly busy: 'loading' | 'joining' | 'leaving' | 'opening' | null
  readonly problem: Problem | null
}

export type Blank = 'first_name' | 'last_name' | 'email' | 'password' | 'agreed'

/** What is written into the forms at the door; `mailed` is where a link for a new password is on its way to. */
export interface Door {
  readonly blanks: Readonly<Record<Blank, string>>
  readonly isBusy: boolean
  readonly problem: Problem | null
  readonly mailed: string | null
}

/** Feedback on its way, or refused; until then its stars and its comment are drafts. */
export interface Rating {
  readonly isBusy: boolean
  readonly problem: Problem | null
}

/** What this device keeps for the login beside its chats: those without a count, and feedback put off. */
export interface Kept {
  readonly muted: ReadonlySet<string>
  readonly deferred: ReadonlySet<string>
}

export interface Screen {
  readonly root: string
  readonly route: Route
  readonly who: Who
  readonly state: MemberState | null
  readonly chatsQuery: string
  readonly found: Found
  /** By the key of the address. */
  readonly shops: ReadonlyMap<string, Shop>
  readonly door: Door
  /** By ticket. */
  readonly ratings: ReadonlyMap<string, Rating>
  /** The chat whose messages could not be fetched, and why. */
  readonly missing: { readonly conversationId: string; readonly problem: Problem } | null
  readonly kept: Kept
}

/** Where the parts of a ticket's feedback are kept until it is given. */
export function feedbackPlaces(ticketId: string): { readonly stars: string; readonly comment: string } {
  return { stars: `${ticketId} stars`, comment: `${ticketId} comment` }
}

export const NOTHING_KEPT: Kept = { muted: new Set(), deferred: new Set() }
export const NOTHING_FOUND: Found = { q: '', items: [], next: null, status: 'idle', problem: null }
export const EMPTY_DOOR: Door = {
  blanks: { first_name: '', last_name: '', email: '', password: '', agreed: '' },
  isBusy: false,
  problem: null,
  mailed: null,
}

/** The screen as the page comes up at a route. */
export function fresh(root: string, route: Route): Screen {
  return {
    root,
    route,
    who: { status: 'asking' },
    state: null,
    chatsQuery: '',
    found: NOTHING_FOUND,
    shops: new Map(),
    door: EMPTY_DOOR,
    ratings: new Map(),
    missing: null,
    kept: NOTHING_KEPT,
  }
}

/** What a person can do here. Views call these and nothing else. */
export interface Acts {
  fill(blank: Blank, value: string): void
  signUp(): void
  signIn(): void
  forgot(): void
  signOut(): void
  searchChats(q: string): void
  find(q: string): void
  findMore(): void
  /** Try what the page could not fetch. */
  again(): void
  join(key: string): void
  leave(businessId: string, name: string): void
  chat(key: string): void
  /** Whether there was anything to send. */
  post(conversationId: string, text: string): boolean
  write(conversationId: string, text: string): void
  retry(nonce: string): void
  discard(nonce: string): void
  older(conversationId: string): void
  seen(conversationId: string, seq: number): void
  mute(conversationId: string): void
  rate(ticketId: string, stars: number): void
  comment(ticketId: string, text: string): void
  giveFeedback(ticketId: string): void
  deferFeedback(ticketId: string): void
}

/** What a view draws from. */
export interface App {
  readonly screen: Screen
  readonly acts: Acts
  /** What was begun at a place, which is a chat or one of `feedbackPlaces`; empty if nothing was. */
  draft(place: string): string
  readonly now: Date
}
