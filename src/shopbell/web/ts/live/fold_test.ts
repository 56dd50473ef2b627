import { equal } from './asserting.ts'
import { fold } from './fold.ts'
import type { DeskState, Pending, ServerEvent } from './types.ts'
import { at, cursor, desk, event, MAUD, member, message, posted, SHOP, threadPage, ticket } from './trying.ts'

const texts = (state: DeskState) => state.threads.get('talk')!.messages.map(({ text }) => text)
const pending = (nonce: string, status: Pending['status'] = 'waiting'): Pending => ({
  nonce,
  kind: 'message',
  text: `Pending ${nonce}`,
  at: at(0),
  status,
})

function opened(items = [message(5)], readAt = 5): DeskState {
  return fold(desk(), { type: 'thread', page: threadPage(items, readAt), newest: true })
}

Deno.test('an event at or before the cursor changes nothing, one after it moves the cursor', () => {
  const state = fold(opened(), { type: 'cursor', business_id: SHOP, cursor: cursor(6) })
  equal(fold(state, posted(6)) === state, true)
  const after = fold(state, posted(7))
  equal([texts(after), after.cursor], [['Text 5', 'Text 7'], cursor(7)])
  equal(texts(state), ['Text 5'], 'the state before is what it was')
})

Deno.test('a row that was read later than an event is not counted up by it', () => {
  const before = fold(desk(), { type: 'tickets', items: [ticket(9, { messages: 3 })], cursor: cursor(9) })
  const after = fold(fold(before, posted(8)), posted(10))
  equal(after.tickets.get('ticket')!.messages, 4)
})

Deno.test('a page read before what was heard meanwhile is brought up to date by it', () => {
  const heard = [posted(6), event('waiting_changed', 7, { waiting: 2, unclaimed: 3 })]
  let state = heard.reduce<DeskState>((before, one) => fold(before, one), desk())
  state = fold(state, {
    type: 'tickets',
    items: [ticket(5, { messages: 1 })],
    cursor: cursor(5),
    since: heard,
  })
  state = fold(state, { type: 'thread', page: threadPage([message(5)], 5), newest: true, since: heard })
  state = fold(state, { type: 'counts', waiting: 1, unclaimed: 1, cursor: cursor(5), since: heard })
  equal(state.tickets.get('ticket')!.messages, 2)
  equal(texts(state), ['Text 5', 'Text 6'])
  equal(state.counts, { waiting: 2, unclaimed: 3, as_of: 7 })
})

Deno.test('a page older than the row it brings again changes nothing', () => {
  const state = fold(desk(), {
    type: 'tickets',
    items: [ticket(9, { state: 'assigned' })],
    cursor: cursor(9),
  })
  const after = fold(state, { type: 'tickets', items: [ticket(5)], cursor: cursor(5) })
  equal(after.tickets.get('ticket')!.state, 'assigned')
})

Deno.test('a message of a thread whose newest page is not here waits for the page', () => {
  const started = fold(desk(), { type: 'pending', conversation_id: 'talk', pending: [pending('a')] })
  const heard = fold(started, posted(9))
  equal(texts(heard), [])
  equal(texts(fold(heard, { type: 'thread', page: threadPage([message(8), message(9)], 9), newest: true })), [
    'Text 8',
    'Text 9',
  ])
})

Deno.test('what is confirmed takes the place of what was pending, and the event about it changes nothing more', () => {
  const written = fold(opened(), {
    type: 'pending',
    conversation_id: 'talk',
    pending: [pending('a'), pending('b')],
  })
  const stored = { conversation_id: 'talk', nonce: 'a', id: 'talk.7', seq: 7, created_at: at(7) }
  const confirmed = fold(written, { type: 'acknowledged', ...stored })
  equal(texts(confirmed), ['Text 5', 'Pending a'])
  equal(confirmed.threads.get('talk')!.messages[1]!.author, MAUD)
  equal(confirmed.threads.get('talk')!.pending.map(({ nonce }) => nonce), ['b'])
  const told = fold(confirmed, posted(7, { author: MAUD, nonce: 'a', text: 'Pending a' }))
  equal(texts(told), ['Text 5', 'Pending a'])
  equal(told.threads.get('talk')!.messages[1]!.ticket_id, 'ticket')
})

Deno.test('an event that overtakes the answer confirms too, and a queue written down before does not bring it back', () => {
  const written = fold(opened(), { type: 'pending', conversation_id: 'talk', pending: [pending('a')] })
  const told = fold(written, posted(7, { author: MAUD, nonce: 'a' }))
  equal(told.threads.get('talk')!.pending, [])
  const late = fold(told, { type: 'pending', conversation_id: 'talk', pending: [pending('a', 'sending')] })
  equal(late.threads.get('talk')!.pending, [])
})

Deno.test('a withdrawn message stays empty, whatever older copy of it comes again', () => {
  const gone = { conversation_id: 'talk', id: 'talk.5', seq: 5, withdrawn_at: at(6) }
  const state = fold(opened(), event('message_withdrawn', 6, gone))
  const again = fold(state, { type: 'thread', page: threadPage([message(5)], 5), newest: true })
  equal(
    [again.threads.get('talk')!.messages[0]!.text, again.threads.get('talk')!.messages[0]!.withdrawn_at],
    ['', at(6)],
  )
})

Deno.test('state that is fetched anew replaces all but what is not sent', () => {
  let state: DeskState = fold(opened(), { type: 'tickets', items: [ticket(5)], cursor: cursor(5) })
  state = fold(state, { type: 'pending', conversation_id: 'talk', pending: [pending('a')] })
  const counts = { type: 'counts', waiting: 4, unclaimed: 4, cursor: 'other-3' } as const
  state = fold(state, { type: 'anew', cursors: { [SHOP]: 'other-3' }, pages: [counts] })
  equal([state.cursor, state.tickets.size, state.counts.waiting], ['other-3', 0, 4])
  equal([texts(state), state.threads.get('talk')!.pending.length], [[], 1])
})

Deno.test('of a person, only what belongs to the businesses fetched anew goes', () => {
  const row = (id: string) => ({
    id: `talk ${id}`,
    business: { id, name: id },
    last_message: null,
    unread: 0,
    feedback_due: null,
    created_at: at(1),
  })
  const cursors = { one: cursor(4), two: cursor(6) }
  let state = fold(member(), { type: 'conversations', items: [row('one'), row('two')], cursors })
  state = fold(state, { type: 'anew', cursors: { two: cursor(9) }, pages: [] })
  equal([...state.conversations.keys()], ['talk one'])
  equal(state.cursors, { two: cursor(9) })
})

Deno.test('typing ends with its time, and with the message', () => {
  const typing = { type: 'typing', conversation_id: 'talk', author: message(1).author, until: 500 } as const
  const state = fold(opened(), typing)
  equal(state.threads.get('talk')!.typing.length, 1)
  equal(fold(state, { type: 'typing_over', now: 499 }).threads.get('talk')!.typing.length, 1)
  equal(fold(state, { type: 'typing_over', now: 500 }).threads.get('talk')!.typing.length, 0)
  equal(fold(state, posted(7)).threads.get('talk')!.typing.length, 0)
})

Deno.test('an event nobody knows yet moves the cursor alone', () => {
  const state = opened()
  const after = fold(state, { ...posted(7), name: 'offer_shared' } as unknown as ServerEvent)
  equal([after.cursor, after.threads === state.threads], [cursor(7), true])
})

Deno.test('ten thousand rows cost an event no more than a drawer of them', () => {
  const items = Array.from({ length: 10_000 }, (_, row) => ticket(row + 1, { id: `ticket ${row}` }))
  let state: DeskState = fold(desk(), { type: 'tickets', items, cursor: cursor(10_000) })
  const start = performance.now()
  for (let seq = 10_001; seq <= 12_000; seq += 1) {
    state = fold(state, posted(seq, { ticket_id: `ticket ${seq % 10_000}` }))
  }
  // A plain copy of the map for each takes some hundred times as long.
  const each = (performance.now() - start) / 2_000
  equal(each < 0.25, true, `${each} ms for an event`)
})
