import type { Api } from './api.ts'
import { equal, settled } from './asserting.ts'
import { fold } from './fold.ts'
import { createLoad } from './load.ts'
import type { Change } from './changes.ts'
import type { State } from './types.ts'
import { cursor, desk, message, posted, threadPage, ticket } from './trying.ts'

type Asked = {
  operation: string
  given: Record<string, Record<string, unknown>>
  answer(value: unknown): Promise<void>
}

function loading(first: State = desk()) {
  const asked: Asked[] = []
  let state = first
  const api =
    ((operation: string, given: Asked['given']) =>
      new Promise<unknown>((done) =>
        asked.push({ operation, given, answer: (value) => (done(value), settled()) })
      )) as unknown as Api
  const dispatch = (change: Change) => state = fold(state, change)
  const load = createLoad(api, () => state, dispatch)
  return {
    load,
    asked,
    hear(change: Change) {
      if (change.type === 'event') load.heard(change)
      dispatch(change)
    },
    get desk() {
      if (state.side !== 'staff') throw new Error('not a desk')
      return state
    },
  }
}

Deno.test('a page is folded with what was heard while it was on its way', async () => {
  const shop = loading()
  const reading = shop.load.thread('talk')
  shop.hear(posted(6))
  await shop.asked[0]!.answer(threadPage([message(5)], 5))
  await reading
  equal(shop.desk.threads.get('talk')!.messages.map(({ seq }) => seq), [5, 6])
})

Deno.test('a thread that is here is not fetched, and one that is on its way not twice', async () => {
  const shop = loading()
  const both = [shop.load.thread('talk'), shop.load.thread('talk')]
  equal(shop.asked.length, 1)
  await shop.asked[0]!.answer(threadPage([message(5)], 5))
  await Promise.all(both)
  await shop.load.thread('talk')
  equal(shop.asked.length, 1)
})

Deno.test('older pages are asked for before the oldest message, until there are none', async () => {
  const shop = loading()
  shop.load.thread('talk')
  await shop.asked[0]!.answer(threadPage([message(5)], 5, '5'))
  shop.load.older('talk')
  equal(shop.asked[1]!.given.query!.before, 5)
  await shop.asked[1]!.answer(threadPage([message(3), message(4)], 6))
  await shop.load.older('talk')
  equal(shop.asked.length, 2)
  equal(shop.desk.threads.get('talk')!.messages.map(({ seq }) => seq), [3, 4, 5])
})

Deno.test('a view goes on where its last page ended, and begins again when asked to', async () => {
  const shop = loading()
  const page = (id: string, next: string | null) => ({ items: [ticket(5, { id })], next, cursor: cursor(5) })
  const ids = shop.load.view('open', { state: 'open' })
  await shop.asked[0]!.answer(page('a', 'more'))
  equal(await ids, ['a'])
  shop.load.view('open', { state: 'open' })
  equal(shop.asked[1]!.given.query, { state: 'open', limit: 50, after: 'more' })
  await shop.asked[1]!.answer(page('b', null))
  equal([await shop.load.view('open', { state: 'open' }), shop.asked.length], [[], 2])
  equal(shop.desk.views.get('open')!.edge!.id, 'b')
  shop.load.view('open', { state: 'open' }, true)
  equal(shop.asked[2]!.given.query!.after, undefined)
})

Deno.test('to begin, all that is on show is asked for', async () => {
  const shop = loading()
  shop.load.view('mine', { holder: 'me' })
  shop.load.thread('talk')
  shop.load.ticket('ticket').catch(() => {})
  const before = shop.asked.length
  const beginning = shop.load.begin()
  await settled()
  const operations = shop.asked.slice(before).map(({ operation }) => operation).sort()
  equal(operations, [
    'GET /conversations/{conversation_id}/messages',
    'GET /desk',
    'GET /staff',
    'GET /tickets',
    'GET /tickets/{ticket_id}',
    'GET /tickets/{ticket_id}/history',
    'GET /tickets/{ticket_id}/notes',
  ])
  beginning.catch(() => {})
})

Deno.test('a view looked at beside the one on show is not begun with in its place', async () => {
  const shop = loading()
  shop.load.view('mine', { holder: 'me' })
  shop.load.beside('waiting', { state: 'waiting', sort: 'waiting' })
  equal(shop.asked.map(({ given }) => given.query), [
    { holder: 'me', limit: 50 },
    { state: 'waiting', sort: 'waiting', limit: 50 },
  ])
  const before = shop.asked.length
  shop.load.begin().catch(() => {})
  await settled()
  const panels = shop.asked.slice(before).filter(({ operation }) => operation === 'GET /tickets')
  equal(panels.map(({ given }) => given.query), [{ holder: 'me', limit: 50 }])
})
