/**
 * What this browser keeps of one login: the rows of the state, the outbox, and what was begun to be written.
 *
 * Rows lie under text keys such as `ticket/<id>`. They are written in one transaction with the cursor they belong to,
 * so whatever moment a process dies in, the state found is one that was. Each write leaves a stamp and says which one
 * it goes on from, so rows of two tabs never mix. Of a login at work for several businesses the rows are those of the
 * present one; the outbox and the drafts are of all.
 */

import type { Problem } from './types.ts'

/** Something written here and not stored by the server yet. */
export interface Item {
  /** Its place in the queue; given by the database. */
  readonly order: number
  /** The staff member or person who wrote it, and in whose name alone it may be sent. */
  readonly author: string
  readonly nonce: string
  readonly kind: 'message' | 'note'
  readonly conversation_id: string
  readonly ticket_id?: string
  readonly text: string
  readonly at: string
  /** Set when the server refused it for good. */
  readonly problem?: Problem
}

export type Row = readonly [key: string, value: unknown]
/** Names one write of rows; random, since tabs know nothing of one another. */
export type Stamp = string
/** The rows whose key begins so, some hundred at a time, in the order of their keys. */
export type Reading = (prefix: string) => AsyncIterable<readonly Row[]>

export interface Database {
  /** Resolves once nothing is kept from now on: at once where there is no room, or when the browser closes it. */
  readonly lost: Promise<void>
  /** Read rows as one write left them, `stamp` null for none. The work may wait for nothing but its rows. */
  read<T>(work: (rows: Reading, stamp: Stamp | null) => Promise<T>): Promise<T>
  /**
   * Change the rows that the write of that stamp left, in one transaction; null replaces whatever is there.
   * Rejects, and changes nothing, where somebody else has written since.
   */
  write(puts: readonly Row[], gone: readonly string[], onto: Stamp | null): Promise<Stamp>
  /** Drop all rows; what is unsent or begun stays. */
  empty(): Promise<void>
  outbox(): Promise<Item[]>
  add(item: Omit<Item, 'order'>): Promise<number>
  put(item: Item): Promise<void>
  /** If it is there; one on its way there goes as well. */
  remove(nonce: string): Promise<void>
  /** Texts begun and not sent off, by places of the caller's. */
  drafts(): Promise<readonly (readonly [place: string, text: string])[]>
  /** Undefined forgets it. */
  draft(place: string, text: string | undefined): Promise<void>
  /** Another tab goes on with the text there, and writes it down. */
  overtaken(place: string): void
  /** The page goes away: see to it that what is not written down yet is found by the next one. */
  leave(): void
  /** The page that went away is back as it was, and goes on. */
  stay(): void
  close(): void
  /** Closes, and leaves nothing behind. */
  destroy(): Promise<void>
}

/** The rows that are to be changed are not those one knows. */
export class Overtaken extends Error {}

/** The database has not answered for longer than anybody would wait. It may yet: `answer` settles once it does. */
export class Unanswered extends Error {
  constructor(readonly answer: Promise<unknown>) {
    super()
  }
}

/** So many rows are read or written without holding up a frame. */
export const AT_ONCE = 250

export function newStamp(): Stamp {
  return crypto.getRandomValues(new Uint32Array(4)).join('-')
}
