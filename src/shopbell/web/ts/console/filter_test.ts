import { equal } from '../live/asserting.ts'
import { Shelf } from '../live/shelf.ts'
import type { Ticket } from '../live/types.ts'
import { EVERYTHING, fits, named, queryOf } from './filter.ts'
import { createOrder } from './ordered.ts'

function ticket(changes: Partial<Ticket> = {}): Ticket {
  return {
    id: 't1',
    number: 42,
    conversation_id: 'c1',
    customer: { id: 'p1', name: 'Zoë Ångström-Lee' },
    state: 'pulled',
    holder: null,
    priority: null,
    outcome: null,
    messages: 1,
    unread: 1,
    last_line: 'Hello',
    last_seq: 5,
    waiting_since: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    updated_seq: 5,
    closed_at: null,
    follow_up_of: null,
    as_of: 5,
    ...changes,
  }
}

Deno.test('a waiting ticket is in no list until it is pulled', () => {
  equal(fits(EVERYTHING, ticket({ state: 'waiting' }), 'me'), false)
  equal(fits(EVERYTHING, ticket(), 'me'), true)
})

Deno.test('mine are those I hold and have not closed', () => {
  const mine = { ...EVERYTHING, show: 'mine' as const }
  const holder = { id: 'me', name: 'Me' }
  equal(fits(mine, ticket({ state: 'assigned', holder }), 'me'), true)
  equal(fits(mine, ticket({ state: 'closed', holder }), 'me'), false)
  equal(fits(mine, ticket({ state: 'assigned', holder }), 'you'), false)
  equal(queryOf(mine), { holder: 'me' })
})

Deno.test('a search is for the beginnings of words, whatever their case and accents, or for the number', () => {
  equal(['zoe', 'ang', 'LEE z', '#42', '42'].map((words) => named(ticket(), words)), [
    true,
    true,
    true,
    true,
    true,
  ])
  equal(['oe', 'zoe x', '4', '#4'].map((words) => named(ticket(), words)), [false, false, false, false])
})

Deno.test('the order follows changes, and stays the same array when nothing changed', () => {
  const order = createOrder()
  const a = ticket({ id: 'a', updated_seq: 1 })
  const b = ticket({ id: 'b', updated_seq: 2 })
  const c = ticket({ id: 'c', updated_seq: 3 })
  const first = Shelf.of([['a', a], ['b', b], ['c', c]])
  const ids = (tickets: Shelf<Ticket>) => order(tickets).map((one) => one.id)
  equal(ids(first), ['c', 'b', 'a'])
  equal(ids(first.with('a', { ...a, updated_seq: 9 })), ['a', 'c', 'b'])
  equal(ids(first.without('b')), ['c', 'a'])
  const same = order(first)
  equal(order(first.without('x')) === same, true)
})
