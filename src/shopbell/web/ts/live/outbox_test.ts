import { NO_ANSWER, Refusal } from './api.ts'
import { equal } from './asserting.ts'
import { inMemory } from './inmemory.ts'
import { browser, quiet, texts } from './trying_outbox.ts'
import type { Problem } from './types.ts'

const problem = (status: number, more: Partial<Problem> = {}): Refusal =>
  new Refusal({ ...NO_ANSWER, status, code: 'refused', ...more })

Deno.test('what is written is drawn at once and sent in order', async () => {
  const shop = browser()
  const { outbox, pending } = await shop.tab()
  for (const text of ['one', 'two', 'three']) outbox.post('talk', text)
  equal(pending(), ['one waiting', 'two waiting', 'three waiting'])
  await quiet()
  equal(texts(shop.stored), ['one', 'two', 'three'])
  equal([outbox.unsent, await shop.database.outbox()], [0, []])
})

Deno.test('an answer that got lost is asked for again with the same nonce, before anything new', async () => {
  const shop = browser()
  const { outbox } = await shop.tab()
  let losses = 1
  shop.lose = () => losses-- > 0
  outbox.post('talk', 'one')
  await quiet()
  equal(outbox.unsent, 1)
  outbox.post('talk', 'two')
  await quiet()
  equal(shop.sent, ['one', 'one', 'two'])
  equal(texts(shop.stored), ['one', 'two'])
})

Deno.test('unsent messages are kept over a reload, in order, and sent once there is a connection', async () => {
  const shop = browser()
  shop.live = false
  const before = await shop.tab()
  before.outbox.post('talk', 'one')
  before.outbox.note('talk', 'ticket', 'two')
  await quiet()
  before.outbox.close()
  const { outbox, pending } = await shop.tab()
  equal([outbox.unsent, pending(), shop.sent], [2, ['one waiting', 'two waiting'], []])
  shop.live = true
  outbox.wake()
  await quiet()
  equal(shop.stored.map(({ kind, ticket_id, text }) => [kind, ticket_id, text]), [[
    'message',
    undefined,
    'one',
  ], [
    'note',
    'ticket',
    'two',
  ]])
})

Deno.test('of two tabs exactly one sends, and both know what is left', async () => {
  const shop = browser()
  const [one, two] = [await shop.tab(), await shop.tab()]
  for (const text of ['a', 'b', 'c']) {
    one.outbox.post('talk', `one ${text}`)
    two.outbox.post('talk', `two ${text}`)
  }
  await quiet()
  equal(shop.sent.length, 6, 'each is sent once')
  equal(texts(shop.stored).filter((text) => text.startsWith('one')), ['one a', 'one b', 'one c'])
  equal(texts(shop.stored).filter((text) => text.startsWith('two')), ['two a', 'two b', 'two c'])
  equal([one.outbox.unsent, two.outbox.unsent, one.pending(), two.pending()], [0, 0, [], []])
})

Deno.test('what is refused stays with its reason and holds nothing else up; it can be tried again', async () => {
  const shop = browser()
  const { outbox, pending } = await shop.tab()
  shop.refuse = ({ text }) => text === 'one' ? problem(403, { detail: 'Blocked.' }) : null
  outbox.post('talk', 'one')
  outbox.post('talk', 'two')
  await quiet()
  equal(pending(), ['one failed'])
  equal(texts(shop.stored), ['two'])
  equal(outbox.unsent, 1, 'signing out would lose it')
  const [kept] = await shop.database.outbox()
  equal(kept!.problem!.detail, 'Blocked.')
  shop.refuse = () => null
  await outbox.retry(kept!.nonce)
  await quiet()
  equal([texts(shop.stored), outbox.unsent], [['two', 'one'], 0])
  equal(shop.stored[1]!.nonce, kept!.nonce)
})

Deno.test('a refusal is told once in each tab, and not again where it was found', async () => {
  const shop = browser()
  const one = await shop.tab()
  const other = await shop.tab()
  shop.refuse = () => problem(409)
  one.outbox.post('talk', 'too late')
  await quiet()
  one.outbox.post('talk', 'far too late')
  await quiet()
  await other.outbox.reread()
  const later = await shop.tab()
  await later.outbox.reread()
  equal([one.refused, other.refused, later.refused], [['refused', 'refused'], ['refused', 'refused'], []])
})

Deno.test('what another tab has written, and what was there before, was not written here', async () => {
  const shop = browser()
  shop.live = false
  const one = await shop.tab()
  const other = await shop.tab()
  one.outbox.post('talk', 'mine')
  const first = one.written()
  one.outbox.post('talk', 'mine too')
  await quiet()
  equal([first !== undefined && one.written() !== first, other.pending().length, other.written()], [
    true,
    2,
    undefined,
  ])
  equal((await shop.tab()).written(), undefined)
})

Deno.test('what a tab wrote that has gone before it could send is sent by one that stays', async () => {
  const shop = browser()
  const gone = await shop.tab()
  const stays = await shop.tab()
  const turn = Promise.withResolvers<void>()
  shop.held = turn.promise
  gone.outbox.post('talk', 'one')
  await quiet()
  gone.outbox.close()
  turn.resolve()
  await quiet()
  equal([shop.sent, stays.pending()], [[], ['one waiting']])
  shop.world.pass(2_000)
  await quiet()
  equal([texts(shop.stored), stays.pending()], [['one'], []])
})

Deno.test('what is refused can be discarded, in the database too', async () => {
  const shop = browser()
  const { outbox, pending } = await shop.tab()
  shop.refuse = () => problem(422)
  outbox.post('talk', 'one')
  await quiet()
  await outbox.discard((await shop.database.outbox())[0]!.nonce)
  equal([pending(), outbox.unsent, await shop.database.outbox()], [[], 0, []])
})

Deno.test('too many, and a server in trouble, only mean later', async () => {
  for (const [status, retry_after] of [[429, 7], [503, 2], [0, undefined]] as const) {
    const shop = browser()
    const { outbox, pending } = await shop.tab()
    shop.refuse = () => problem(status, retry_after === undefined ? {} : { retry_after })
    outbox.post('talk', 'one')
    await quiet()
    equal(pending(), ['one waiting'])
    shop.refuse = () => null
    shop.world.pass((retry_after ?? 2) * 1_000 - 1)
    await quiet()
    equal(shop.stored.length, 0, 'not before its time')
    shop.world.pass(1)
    await quiet()
    equal(texts(shop.stored), ['one'])
  }
})

Deno.test('what one wrote for another business waits until one works there, and counts when signing out', async () => {
  const shop = browser()
  shop.live = false
  const there = await shop.tab('maud at the other shop')
  there.outbox.post('talk', 'one')
  await quiet()
  there.outbox.close()
  shop.live = true
  const here = await shop.tab()
  here.outbox.post('talk', 'two')
  await quiet()
  equal([texts(shop.stored), here.pending(), here.outbox.unsent], [['two'], [], 1])
  here.outbox.close()
  const again = await shop.tab('maud at the other shop')
  again.outbox.wake()
  await quiet()
  equal([texts(shop.stored), again.outbox.unsent], [['two', 'one'], 0])
})

Deno.test('the queue of one login is not that of another', async () => {
  const shop = browser()
  shop.live = false
  const { outbox } = await shop.tab()
  outbox.post('talk', 'one')
  await quiet()
  const other = await browser(inMemory()).tab()
  equal([other.outbox.unsent, other.pending()], [0, []])
})
