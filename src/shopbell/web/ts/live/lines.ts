/** A thread as lines to draw, the oldest first: days, groups of one author, notes, and what happened in between. */

import { wholeDay } from '../base/time.ts'
import type { AuthorItem, Message, Note, Pending, Side, Thread } from './types.ts'

/** One thing said by the reader's side or the other: confirmed or not, it is drawn the same. */
export interface Said {
  /** Stays the same when a pending one is confirmed. */
  readonly key: string
  readonly text: string
  readonly at: string
  readonly author: AuthorItem
  readonly message?: Message
  readonly pending?: Pending
}

/** What happened between messages, in words of the caller. */
export interface Happening<Words = unknown> {
  readonly key: string
  readonly at: string
  readonly words: Words
}

export type Line<Words = unknown> =
  | { readonly kind: 'day'; readonly key: string; readonly at: string }
  | { readonly kind: 'group'; readonly key: string; readonly mine: boolean; readonly said: readonly Said[] }
  | { readonly kind: 'note'; readonly key: string; readonly said: Said }
  | { readonly kind: 'ask'; readonly key: string; readonly message: Message }
  | { readonly kind: 'event'; readonly key: string; readonly event: Happening<Words> }

export interface Reader {
  readonly side: Side
  /** The author of what is written here. */
  readonly author: AuthorItem
}

/** Messages of one author stand together when no longer pause is between them. */
const PAUSE_MILLISECONDS = 5 * 60_000
/** A monologue is cut into groups that are drawn one by one, at the same places whatever of it is here. */
const GROUP = 12

type SaidEntry = { readonly at: number; readonly said: Said; readonly note: boolean }
type AskEntry = { readonly at: number; readonly ask: Message }
type Entry<Words> = SaidEntry | AskEntry | { readonly at: number; readonly event: Happening<Words> }

/** The lines of a thread; the same answer for the same thread and events, so that drawing again costs nothing. */
export function createLines<Words>(): (
  thread: Thread,
  events: readonly Happening<Words>[],
  reader: Reader,
) => readonly Line<Words>[] {
  let known: { thread: Thread; events: readonly Happening<Words>[]; reader: Reader } | null = null
  let messages: readonly Message[] = []
  let entries: readonly (SaidEntry | AskEntry)[] = []
  let lines: readonly Line<Words>[] = []
  return (thread, events, reader) => {
    const similar = known && known.events === events && known.reader.author.id === reader.author.id &&
      known.thread.notes === thread.notes && known.thread.pending === thread.pending
    if (!similar || messages !== thread.messages) {
      const older = similar ? olderThan(messages, thread.messages) : 0
      entries = entriesOf(thread.messages, messages, entries)
      messages = thread.messages
      lines = (older && withOlder(thread, events, reader, entries, older, lines)) ||
        linesOf(thread, events, reader, entries)
    }
    known = { thread, events, reader }
    return lines
  }
}

/** An entry for each message, that of before where it stands there already: threads grow at their ends. */
function entriesOf(
  now: readonly Message[],
  then: readonly Message[],
  entries: readonly (SaidEntry | AskEntry)[],
): readonly (SaidEntry | AskEntry)[] {
  const longer = now.length - then.length
  return now.map((message, at) => {
    if (message === then[at]) return entries[at]!
    return message === then[at - longer] ? entries[at - longer]! : entryOf(message)
  })
}

function entryOf(message: Message): SaidEntry | AskEntry {
  const at = Date.parse(message.created_at)
  return message.kind === 'feedback_request'
    ? { at, ask: message }
    : { at, said: saidBy(message), note: false }
}

/** How many messages stand before those that were here, if nothing else has changed; otherwise 0. */
function olderThan(then: readonly Message[], now: readonly Message[]): number {
  const older = now.length - then.length
  return older > 0 && then.every((message, at) => message === now[older + at]) ? older : 0
}

/** Lines from the second group on stand as they did: only the oldest message can join what came above it. */
function withOlder<Words>(
  thread: Thread,
  events: readonly Happening<Words>[],
  reader: Reader,
  entries: readonly (SaidEntry | AskEntry)[],
  older: number,
  lines: readonly Line<Words>[],
): readonly Line<Words>[] | null {
  const saidAt = new Map(
    entries.slice(older + 1, older + 1 + 2 * GROUP).map((entry, at) => [saidIn(entry), at]),
  )
  const place = lines.findIndex((line) => line.kind === 'group' && saidAt.has(line.said[0]))
  const line = lines[place]
  if (line?.kind !== 'group') return null
  const cut = older + 1 + saidAt.get(line.said[0])!
  const below = lines.slice(lines[place - 1]?.kind === 'day' ? place - 1 : place)
  // Not by time: two processes need not agree on it to the millisecond.
  const stands = new Set(below.map(({ key }) => key))
  const before = {
    ...thread,
    notes: thread.notes.filter(({ id, nonce }) => !stands.has(nonce ?? id)),
    pending: [],
  }
  const earlier = events.filter(({ key }) => !stands.has(key))
  return [...linesOf(before, earlier, reader, entries.slice(0, cut)), ...below]
}

function saidIn(entry: SaidEntry | AskEntry): Said | undefined {
  return 'said' in entry ? entry.said : undefined
}

export function linesOf<Words>(
  thread: Thread,
  events: readonly Happening<Words>[],
  reader: Reader,
  entries: readonly (SaidEntry | AskEntry)[] = thread.messages.map(entryOf),
): Line<Words>[] {
  const lines: Line<Words>[] = []
  let group: Said[] = []
  let before: Entry<Words> | null = null
  let day = { from: 0, to: 0 }
  const close = () => {
    const [first] = group
    if (!first) return
    lines.push({
      kind: 'group',
      key: first.key,
      mine: first.author.side !== 'person' === (reader.side === 'staff'),
      said: group,
    })
    group = []
  }
  for (const entry of inOrder(thread, events, reader, entries)) {
    if (entry.at < day.from || entry.at >= day.to) {
      close()
      const at = new Date(entry.at).toISOString()
      lines.push({ kind: 'day', key: `day ${at.slice(0, 10)} ${keyOf(entry)}`, at })
      day = wholeDay(entry.at)
    }
    if ('said' in entry && !entry.note) {
      if (group.length && !joins(before as SaidEntry, entry)) close()
      group.push(entry.said)
      before = entry
      continue
    }
    close()
    if ('said' in entry) lines.push({ kind: 'note', key: entry.said.key, said: entry.said })
    else if ('ask' in entry) lines.push({ kind: 'ask', key: entry.ask.id, message: entry.ask })
    else lines.push({ kind: 'event', key: entry.event.key, event: entry.event })
  }
  close()
  return lines
}

function keyOf<Words>(entry: Entry<Words>): string {
  return 'said' in entry ? entry.said.key : 'ask' in entry ? entry.ask.id : entry.event.key
}

/** Three rising lists as one; what is not confirmed yet stands at the end, whatever this device's clock says. */
function inOrder<Words>(
  thread: Thread,
  events: readonly Happening<Words>[],
  reader: Reader,
  entries: readonly (SaidEntry | AskEntry)[],
): Entry<Words>[] {
  const between: Entry<Words>[] = [
    ...thread.notes.map((note) => ({ at: Date.parse(note.created_at), said: noted(note), note: true })),
    ...events.map((event) => ({ at: Date.parse(event.at), event })),
  ]
  const from = thread.complete || !entries.length ? -Infinity : entries[0]!.at
  // An event before the oldest message that is here belongs to a page that is not.
  const here = between.filter((entry) => !('event' in entry) || entry.at >= from)
  const all = merged(entries, here.sort((one, other) => one.at - other.at))
  const now = all.at(-1)?.at ?? 0
  for (const pending of thread.pending) {
    const said: Said = {
      key: pending.nonce,
      text: pending.text,
      at: pending.at,
      author: reader.author,
      pending,
    }
    all.push({ at: Math.max(now, Date.parse(pending.at)), said, note: pending.kind === 'note' })
  }
  return all
}

/** Of the same moment, what was said stands first. */
function merged<Words>(entries: readonly Entry<Words>[], between: readonly Entry<Words>[]): Entry<Words>[] {
  if (!between.length) return [...entries]
  const all: Entry<Words>[] = []
  let next = 0
  for (const entry of entries) {
    while (next < between.length && between[next]!.at < entry.at) all.push(between[next++]!)
    all.push(entry)
  }
  return all.concat(between.slice(next))
}

function saidBy(message: Message): Said {
  const { id, nonce, text, created_at, author } = message
  return { key: nonce ?? id, text, at: created_at, author, message }
}

function noted({ id, nonce, text, created_at, author }: Note): Said {
  return { key: nonce ?? id, text, at: created_at, author }
}

function joins({ said: before, at: then }: SaidEntry, { said, at }: SaidEntry): boolean {
  if (before.author.id !== said.author.id || before.author.side !== said.author.side) return false
  // What was refused stands alone, with its reason and what can be done.
  if (before.pending?.status === 'failed' || said.pending?.status === 'failed') return false
  // One's own are left together: a bubble must not move when it is confirmed.
  if (said.message && said.message.nonce === undefined && said.message.seq % GROUP === 0) return false
  return at - then < PAUSE_MILLISECONDS
}
