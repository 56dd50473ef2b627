import { equal } from './asserting.ts'
import { createLines, linesOf } from './lines.ts'
import { unfetched } from './thread_fold.ts'
import type { Message, Note, Pending, Thread } from './types.ts'
import { at, MAUD, message, NELL } from './trying.ts'

const READER = { side: 'staff', author: MAUD } as const

const thread = (messages: readonly Message[], more: Partial<Thread> = {}): Thread => ({
  ...unfetched('talk'),
  loaded: true,
  complete: true,
  messages,
  ...more,
})

const note = (seq: number): Note => ({
  id: `ticket.${seq}`,
  seq,
  ticket_id: 'ticket',
  text: 'Psst',
  author: MAUD,
  created_at: at(seq),
})

const pending = (nonce: string, more: Partial<Pending> = {}): Pending => ({
  nonce,
  kind: 'message',
  text: nonce,
  at: at(0),
  status: 'waiting',
  ...more,
})

/** `day`, `event`, `note`, `ask`, and groups as `<` or `>` with the keys of what was said. */
function drawn(of: Thread, events: { key: string; at: string; words: string }[] = []): string[] {
  return linesOf(of, events, READER).map((line) =>
    line.kind === 'group'
      ? `${line.mine ? '>' : '<'} ${line.said.map(({ key }) => key).join(' ')}`
      : line.kind
  )
}

Deno.test('what one author says in a row stands together, until a pause or the other side', () => {
  const messages = [1, 2, 3, 400].map((seq) => message(seq))
  messages.splice(3, 0, message(4, { author: MAUD }), message(5, { author: { ...MAUD, id: 'ben' } }))
  equal(drawn(thread(messages)), ['day', '< talk.1 talk.2 talk.3', '> talk.4', '> talk.5', '< talk.400'])
})

Deno.test('days, notes, requests and what happened stand between the messages, in the order of time', () => {
  const day = 86_400
  const messages = [message(1), message(4, { kind: 'feedback_request' }), message(day)]
  const events = [{ key: 'pulled', at: at(2), words: 'Pulled' }]
  equal(drawn(thread(messages, { notes: [note(3)] }), events), [
    'day',
    '< talk.1',
    'event',
    'note',
    'ask',
    'day',
    `< talk.${day}`,
  ])
})

Deno.test('what happened before the oldest message that is here waits for that page', () => {
  const events = [{ key: 'pulled', at: at(2), words: 'Pulled' }]
  equal(drawn(thread([message(5)], { complete: false }), events), ['day', '< talk.5'])
})

Deno.test('what is not confirmed stands at the end, and keeps its place and key when it is', () => {
  const open = thread([message(5), message(6, { author: MAUD })], { pending: [pending('a'), pending('b')] })
  equal(drawn(open), ['day', '< talk.5', '> talk.6 a b'])
  const confirmed = { ...open, messages: [...open.messages, message(7, { author: MAUD, nonce: 'a' })] }
  equal(drawn({ ...confirmed, pending: [pending('b')] }), ['day', '< talk.5', '> talk.6 a b'])
})

Deno.test('what was refused stands alone', () => {
  const refused = [pending('a'), pending('b', { status: 'failed' }), pending('c')]
  equal(drawn(thread([], { pending: refused })), ['day', '> a', '> b', '> c'])
})

Deno.test('a note that is not confirmed is a note', () => {
  equal(drawn(thread([], { pending: [pending('a', { kind: 'note', ticket_id: 'ticket' })] })), [
    'day',
    'note',
  ])
})

Deno.test('a monologue is cut at the same places whether its beginning is here or not', () => {
  const all = Array.from({ length: 60 }, (_, at) => message(at + 1))
  const late = drawn(thread(all.slice(20)))
  equal(drawn(thread(all)).slice(-3), late.slice(-3))
  equal(late.length > 3, true)
})

Deno.test('to a person both staff and the shop are the other side', () => {
  const messages = [
    message(1, { author: MAUD }),
    message(2, { author: { ...MAUD, side: 'business' } }),
    message(3),
  ]
  const lines = linesOf(thread(messages), [], { side: 'person', author: NELL })
  equal(lines.map((line) => line.kind === 'group' && line.mine), [false, false, false, true])
})

Deno.test('the same thread is the same lines, and five thousand messages are lines within a frame', () => {
  const lines = createLines()
  const long = thread(
    Array.from({ length: 5_000 }, (_, at) => message(at + 1, { author: at % 3 ? NELL : MAUD })),
  )
  const first = lines(long, [], READER)
  const start = performance.now()
  lines({ ...long, messages: [...long.messages, message(9_999)] }, [], READER)
  equal(performance.now() - start < 50, true)
  const events: never[] = []
  equal(lines(long, events, READER) === lines({ ...long, typing: [] }, events, READER), true)
  equal(first.length > 1_000, true)
})

Deno.test('older messages above give the lines that all of them give, and leave those below as they are', () => {
  const all = Array.from(
    { length: 40 },
    (_, place) => message(1 + place * (place % 7 === 6 ? 9_000 : 100), place % 5 < 2 ? { author: MAUD } : {}),
  )
  all.sort((one, other) => one.seq - other.seq)
  const notes = [note(150), note(45_000)]
  const events = [120, 300, 18_001, 63_000].map((seq) => ({ key: `event ${seq}`, at: at(seq), words: '' }))
  for (let cut = 1; cut < all.length; cut += 1) {
    const lines = createLines<string>()
    const whole = thread(all, { notes })
    const before = lines({ ...whole, messages: all.slice(cut), complete: false }, events, READER)
    const after = lines(whole, events, READER)
    equal(after, linesOf(whole, events, READER))
    const last = before.findLast(({ kind }) => kind === 'group')
    if (before.length > 12) equal(after.includes(last!), true)
  }
})

Deno.test('older messages above leave out nothing, though clocks do not quite agree', () => {
  const messages = [1, 12, 10, 14].map((second, place) =>
    message(place + 1, { created_at: at(second), author: place % 2 ? MAUD : NELL })
  )
  const events = [{ key: 'pulled', at: at(11), words: 'Pulled' }]
  const lines = createLines<string>()
  const whole = thread(messages, { notes: [note(11)] })
  lines({ ...whole, messages: messages.slice(1), complete: false }, events, READER)
  equal(lines(whole, events, READER), linesOf(whole, events, READER))
})
