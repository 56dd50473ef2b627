import { equal } from './asserting.ts'
import { type Database, Unanswered } from './db.ts'
import { inMemory } from './inmemory.ts'
import { fold } from './fold.ts'
import { keep, keepInTurn } from './keeping.ts'
import { fetched, type Stream } from './law.ts'
import person from './recorded/person.json' with { type: 'json' }
import staff from './recorded/staff.json' with { type: 'json' }
import { readKept, rowsBetween } from './rows.ts'
import type { Tabs } from './tabs.ts'
import type { State } from './types.ts'
import { cursor, desk, message, posted, SHOP, threadPage, ticket } from './trying.ts'

/** The state as plain data, without what is gone with the page. */
function plain(state: State): unknown {
  return Object.fromEntries(
    Object.entries(state).filter(([name]) => !['connection', 'elsewhere', 'keeps'].includes(name)).map((
      [name, value],
    ) => [
      name,
      typeof value?.entries === 'function' ? Object.fromEntries(value.entries()) : value,
    ]),
  )
}

for (const stream of [staff, person] as unknown as Stream[]) {
  Deno.test(`what a ${stream.side}'s browser keeps after each stop is the state it had then`, async () => {
    const database = inMemory()
    let state = fetched(stream, stream.first)
    const keeping = keep(database, null)
    for (const frames of stream.frames) {
      state = frames.reduce(fold<State>, state)
      keeping.changed(state)
      await keeping.flush()
      const kept = await readKept(database, stream.side)
      equal(plain(kept!.state), plain(state))
    }
    keeping.stop()
  })
}

Deno.test('a browser that can write nothing is told of', async () => {
  let lost = 0
  const failing = { ...inMemory(), write: () => Promise.reject(new Error('the disk is full')) }
  const keeping = keep(failing, null, () => lost += 1)
  keeping.changed(desk())
  await keeping.flush()
  equal(lost, 1)
})

Deno.test('a database that answers no write is told of after the first, and tried again with what comes', async () => {
  const told: string[] = []
  const kept = inMemory()
  let answers = false
  const silent: Database = {
    ...kept,
    write(...given) {
      told.push(given[2] === null ? 'everything' : 'what changed')
      return answers ? kept.write(...given) : Promise.reject(new Unanswered(Promise.resolve()))
    },
  }
  const keeping = keep(silent, null, () => told.push('lost'))
  keeping.changed(desk())
  await keeping.flush()
  equal(told, ['everything', 'lost'])
  answers = true
  keeping.changed(fold(desk(), posted(6)))
  await keeping.flush()
  equal(told, ['everything', 'lost', 'everything'])
  keeping.stop()
})

Deno.test('only what changed is written', () => {
  const before = fold(
    fold(desk(), { type: 'tickets', items: [ticket(5), ticket(4, { id: 'other' })], cursor: cursor(5) }),
    { type: 'thread', page: threadPage([], 5), newest: true },
  )
  const after = fold(before, posted(6))
  const { puts, gone } = rowsBetween(before, after)
  equal([puts.map(([key]) => key).sort(), gone], [
    ['messages/talk/0000000000000006', 'self', 'threads/talk', 'tickets/ticket'],
    [],
  ])
  equal(rowsBetween(after, { ...after, threads: after.threads.without('talk') }).gone.sort(), [
    'messages/talk/0000000000000006',
    'threads/talk',
  ])
})

Deno.test('what another tab has written is replaced as a whole, what this tab read is gone on with', async () => {
  const database = inMemory()
  const tabs: Tabs = { takeTurns: true, tell() {}, alone: (_, work) => work(), close() {} }
  const mine = fold(
    fold(desk(), { type: 'tickets', items: [ticket(5)], cursor: cursor(5) }),
    { type: 'cursor', business_id: SHOP, cursor: cursor(5) },
  )
  const other = fold(
    fold(desk(), { type: 'tickets', items: [ticket(9, { id: 'other' })], cursor: cursor(9) }),
    { type: 'cursor', business_id: SHOP, cursor: cursor(9) },
  )
  const found = { state: mine, stamp: await database.write(rowsBetween(null, mine).puts, [], null) }
  await database.write(rowsBetween(null, other).puts, [], null)
  let now = mine
  const keeping = keepInTurn(database, tabs, found, () => now)
  await new Promise((done) => setTimeout(done))
  now = fold(mine, posted(6))
  keeping.changed(now)
  await keeping.flush()
  equal(plain((await readKept(database, 'staff'))!.state), plain(now))
  keeping.stop()
})

Deno.test('rows that another tab has written under the same cursor are replaced as a whole too', async () => {
  const database = inMemory()
  const tabs: Tabs = { takeTurns: true, tell() {}, alone: (_, work) => work(), close() {} }
  const mine = fold(desk(), { type: 'cursor', business_id: SHOP, cursor: cursor(5) })
  const found = { state: mine, stamp: await database.write(rowsBetween(null, mine).puts, [], null) }
  // The other tab fetches a thread while nothing happens in the shop, and goes.
  const other = fold(mine, { type: 'thread', page: threadPage([message(5)], 5), newest: true })
  const { puts, gone } = rowsBetween(mine, other)
  await database.write(puts, gone, found.stamp)
  let now = mine
  const keeping = keepInTurn(database, tabs, found, () => now)
  await new Promise((done) => setTimeout(done))
  now = fold(mine, posted(6))
  keeping.changed(now)
  await keeping.flush()
  equal(plain((await readKept(database, 'staff'))!.state), plain(now))
  keeping.stop()
})

Deno.test('a tab goes on from what it read, as long as nobody else has written', async () => {
  const database = inMemory()
  const mine = fold(desk(), { type: 'tickets', items: [ticket(5)], cursor: cursor(5) })
  const found = { state: mine, stamp: await database.write(rowsBetween(null, mine).puts, [], null) }
  const written: number[] = []
  const watched = {
    ...database,
    write(...given: Parameters<typeof database.write>) {
      written.push(given[0].length)
      return database.write(...given)
    },
  }
  const keeping = keep(watched, found)
  for (const seq of [6, 7]) {
    keeping.changed(fold(mine, { type: 'cursor', business_id: SHOP, cursor: cursor(seq) }))
    await keeping.flush()
  }
  equal(written, [1, 1])
  keeping.stop()
})

Deno.test('a write that fails once it is all over is not tried anew', async () => {
  const database = inMemory()
  let fail = () => {}
  let writes = 0
  const held = {
    ...database,
    write(...given: Parameters<typeof database.write>) {
      writes += 1
      if (writes > 1) return database.write(...given)
      return new Promise<never>((_, reject) => fail = () => reject(new Error('closed')))
    },
  }
  const keeping = keep(held, null)
  keeping.changed(desk())
  const flushed = keeping.flush()
  await Promise.resolve()
  keeping.stop()
  fail()
  await flushed
  equal([writes, await readKept(database, 'staff')], [1, null])
})

Deno.test('rows of the other side, or none, are no state', async () => {
  const database = inMemory()
  equal(await readKept(database, 'staff'), null)
  await database.write(rowsBetween(null, desk()).puts, [], null)
  equal(await readKept(database, 'person'), null)
})
