import { Refusal } from './api.ts'
import { NO_ANSWER } from './api.ts'
import { equal, settled } from './asserting.ts'
import { fold } from './fold.ts'
import type { Loading } from './load.ts'
import type { Frame } from './protocol.ts'
import { createStream } from './stream.ts'
import type { Page } from './changes.ts'
import type { ServerEvent, State } from './types.ts'
import { createWorld, cursor, desk, event, member, posted, SHOP, ticket } from './trying.ts'

interface Fetch {
  answer(...pages: Page[]): Promise<void>
  fail(): Promise<void>
}

function listening(first: State) {
  const world = createWorld()
  const fetches: Fetch[] = []
  const rows: string[] = []
  let lists = 0
  let state = first
  const load = {
    heard: () => {},
    mend: () => {},
    begin: () =>
      new Promise((done, failed) =>
        fetches.push({
          answer: (...pages) => (done(pages), settled()),
          fail: () => (failed(new Refusal(NO_ANSWER)), settled()),
        })
      ),
    row: (id: string) => (rows.push(id), Promise.resolve()),
    lists: () => (lists += 1, Promise.resolve()),
  } as unknown as Loading
  const stream = createStream({
    state: () => state,
    dispatch: (change) => state = fold(state, change),
    load,
    now: world.now,
    after: (milliseconds, then) => void world.after(milliseconds, then),
    folded: () => {},
    began: () => {},
  })
  return {
    world,
    fetches,
    rows,
    get lists() {
      return lists
    },
    get state() {
      return state
    },
    hear: (...frames: unknown[]) => stream.heard(frames as Frame[]),
  }
}

const counts = (waiting: number, readAt: number): Page => ({
  type: 'counts',
  waiting,
  unclaimed: waiting,
  cursor: cursor(readAt),
})
const changed = (seq: number, waiting: number): ServerEvent =>
  event('waiting_changed', seq, { waiting, unclaimed: 0 })
const waiting = (state: State) => state.side === 'staff' && state.counts.waiting
const known = () => fold(desk(), { type: 'cursor', business_id: SHOP, cursor: cursor(5) })

Deno.test('the first time, what is heard waits for what is fetched', async () => {
  const shop = listening(desk())
  shop.hear({ type: 'ready', cursor: cursor(5) }, changed(6, 1), changed(7, 2))
  equal([shop.state.side === 'staff' && shop.state.cursor, shop.fetches.length], [null, 1])
  shop.hear(changed(8, 3))
  await shop.fetches[0]!.answer(counts(2, 7))
  equal([waiting(shop.state), shop.state.side === 'staff' && shop.state.cursor], [3, cursor(8)])
})

Deno.test('with a cursor that is served nothing is fetched', () => {
  const shop = listening(known())
  shop.hear({ type: 'ready', cursor: cursor(5) }, changed(6, 1))
  equal([shop.fetches.length, waiting(shop.state)], [0, 1])
})

Deno.test('a resync fetches anew, while what is known stays on the screen', async () => {
  const shop = listening(fold(known(), { type: 'tickets', items: [ticket(5)], cursor: cursor(5) }))
  shop.hear({ type: 'ready', cursor: cursor(5) }, { type: 'resync', business_id: SHOP, cursor: 'new-2' })
  equal(shop.state.side === 'staff' && shop.state.tickets.size, 1)
  shop.hear({ ...changed(3, 9), cursor: 'new-3' })
  await shop.fetches[0]!.answer({ ...counts(7, 2), cursor: 'new-2' } as Page)
  equal([waiting(shop.state), shop.state.side === 'staff' && shop.state.tickets.size], [9, 0])
})

Deno.test('a connection that breaks while state is fetched begins again, and what was fetched late is dropped', async () => {
  const shop = listening(desk())
  shop.hear({ type: 'ready', cursor: cursor(5) }, changed(6, 1))
  shop.hear({ type: 'ready', cursor: cursor(9) }, changed(10, 4))
  equal(shop.fetches.length, 2)
  await shop.fetches[0]!.answer(counts(1, 6))
  equal(shop.state.side === 'staff' && shop.state.cursor, null)
  await shop.fetches[1]!.answer(counts(3, 9))
  equal([waiting(shop.state), shop.state.side === 'staff' && shop.state.cursor], [4, cursor(10)])
})

Deno.test('a fetch that fails is tried again, and nothing heard meanwhile is lost', async () => {
  const shop = listening(desk())
  shop.hear({ type: 'ready', cursor: cursor(5) }, changed(6, 1))
  await shop.fetches[0]!.fail()
  shop.hear(changed(7, 2))
  shop.world.pass(2_000)
  await shop.fetches[1]!.answer(counts(0, 5))
  equal(waiting(shop.state), 2)
})

Deno.test('a ticket that moves in the panel and is not here is fetched, once for each time', () => {
  const shop = listening(known())
  shop.hear({ type: 'ready', cursor: cursor(5) }, posted(6, { ticket_id: 'far' }))
  equal(shop.rows, ['far'])
})

Deno.test('a person is told of everything at first, and later only of a business that is new to this device', async () => {
  const shop = listening(member())
  shop.hear({ type: 'ready', cursors: { one: cursor(4) } })
  await shop.fetches[0]!.answer({ type: 'listed' })
  equal(shop.state.side === 'person' && [shop.state.cursors, shop.state.listed], [{ one: cursor(4) }, true])
  shop.hear({ type: 'ready', cursors: { one: cursor(4), two: cursor(8) } })
  await shop.fetches[1]!.answer({ type: 'listed' })
  equal(shop.state.side === 'person' && shop.state.cursors, { one: cursor(4), two: cursor(8) })
  shop.hear({ type: 'ready', cursors: { one: cursor(4), two: cursor(8) } })
  equal(shop.fetches.length, 2)
})

Deno.test('somebody typing is shown for a while', () => {
  const shop = listening(fold(known(), { type: 'pending', conversation_id: 'talk', pending: [] }))
  const pending = { nonce: 'a', kind: 'message', text: 'x', at: '', status: 'waiting' } as const
  const talk = listening(fold(shop.state, { type: 'pending', conversation_id: 'talk', pending: [pending] }))
  talk.hear({ type: 'typing', conversation_id: 'talk', author: { side: 'person', id: 'nell', name: 'Nell' } })
  equal(talk.state.threads.get('talk')!.typing.length, 1)
  talk.world.pass(6_000)
  equal(talk.state.threads.get('talk')!.typing.length, 0)
})
