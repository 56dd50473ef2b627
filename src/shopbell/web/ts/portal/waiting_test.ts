import type { Frame } from '../live/protocol.ts'
import { equal } from '../live/asserting.ts'
import { after, type Waiting } from './waiting.ts'

const START: Waiting = { business_id: 'b1', cursor: 'e-5', count: 2, state: 'known' }

const event = (business_id: string, name: string, body: unknown, seq = 6) =>
  ({ type: 'event', cursor: `e-${seq}`, seq, business_id, name, at: '', body }) as unknown as Frame

Deno.test('the count follows what the shop is told of who waits', () => {
  const told = after(START, event('b1', 'waiting_changed', { waiting: 3, unclaimed: 7 }))
  equal(told, { ...START, cursor: 'e-6', count: 3 })
})

Deno.test('any other event only moves the cursor on', () => {
  equal(after(START, event('b1', 'ticket_opened', {})), { ...START, cursor: 'e-6' })
})

Deno.test('what happens in another business changes nothing here', () => {
  equal(after(START, event('b2', 'waiting_changed', { waiting: 9, unclaimed: 9 })), START)
  equal(after(START, { type: 'other_waiting', business_id: 'b2', waiting: 9 }), START)
  equal(after(START, { type: 'cursor', business_id: 'b2', cursor: 'e-9' }), START)
})

Deno.test('a quiet page is moved on by cursors alone', () => {
  equal(after(START, { type: 'cursor', business_id: 'b1', cursor: 'e-9' }), { ...START, cursor: 'e-9' })
})

Deno.test('what was missed for good has to be asked for', () => {
  equal(after(START, { type: 'resync', business_id: 'b1', cursor: 'e-99' }).state, 'asked')
})

Deno.test('a session that went over to another business is noticed', () => {
  equal(after(START, { type: 'resync', business_id: 'b2', cursor: 'e-99' }).state, 'elsewhere')
})
