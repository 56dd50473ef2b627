import { equal } from './asserting.ts'
import { type Drafts, openDrafts } from './drafts.ts'
import { inMemory } from './inmemory.ts'
import { createWorld } from './trying.ts'

/** Two tabs of one login, and what lies in their database. */
async function twoTabs() {
  const database = inMemory()
  const world = createWorld()
  const tab = (other: () => Drafts) =>
    openDrafts({ database, after: world.after, tell: (news) => other().heard(news) })
  const tabs: Drafts[] = []
  const one = await tab(() => tabs[1]!)
  const other = await tab(() => tabs[0]!)
  tabs.push(one, other)
  return { database, world, one, other }
}

Deno.test('what was begun is there again after a rest, and what was sent off is not', async () => {
  const database = inMemory()
  const world = createWorld()
  const drafts = await openDrafts({ database, after: world.after, tell() {} })
  drafts.set('talk message', 'Half a sen')
  drafts.set('talk note', 'Half a note')
  equal([drafts.of('talk message'), (await database.drafts()).length], ['Half a sen', 0])
  world.pass(200)
  drafts.set('talk note', '')
  drafts.keep()
  const again = await openDrafts({ database, after: world.after, tell() {} })
  equal([again.of('talk message'), again.of('talk note')], ['Half a sen', ''])
})

Deno.test('a database that fails costs no text on the screen', async () => {
  const failing = {
    drafts: () => Promise.reject(new Error('closed')),
    draft: () => Promise.reject(new Error('closed')),
    overtaken() {},
  }
  const drafts = await openDrafts({ database: failing, after: createWorld().after, tell() {} })
  drafts.set('talk message', 'Half a sen')
  drafts.keep()
  equal(drafts.of('talk message'), 'Half a sen')
})

Deno.test('what is begun in one tab stands in the other, and goes there too when it is sent', async () => {
  const { world, one, other } = await twoTabs()
  let redrawn = 0
  other.subscribe(() => redrawn += 1)
  one.set('talk message', 'Half')
  world.pass(200)
  equal([other.of('talk message'), redrawn], ['Half', 1])
  other.set('talk message', 'Half a sen')
  world.pass(200)
  one.set('talk message', '')
  one.keep()
  equal([other.of('talk message'), redrawn], ['', 2])
})

Deno.test("what another tab goes on with is that one's to write down", async () => {
  const overtaken: string[] = []
  const database = { ...inMemory(), overtaken: (place: string) => overtaken.push(place) }
  const world = createWorld()
  const drafts = await openDrafts({ database, after: world.after, tell() {} })
  drafts.set('talk note', 'Half a note')
  for (const place of ['talk message', 'talk note']) drafts.heard({ type: 'begun', place, text: 'Whole' })
  equal(overtaken, ['talk message'])
})

Deno.test('what was edited in a tab meanwhile stays, on the screen and in the database', async () => {
  const { database, world, one, other } = await twoTabs()
  one.set('talk message', 'Half')
  world.pass(200)
  other.set('talk message', 'Half a sen')
  one.set('talk message', '')
  one.keep()
  equal(other.of('talk message'), 'Half a sen')
  world.pass(200)
  equal([other.of('talk message'), await database.drafts()], ['Half a sen', [['talk message', 'Half a sen']]])
})

Deno.test('what a page left that has gone stands where nothing was written since', async () => {
  const { database, world, one } = await twoTabs()
  let redrawn = 0
  one.subscribe(() => redrawn += 1)
  one.set('talk note', 'Mine')
  await database.draft('talk message', 'Half a sen')
  await database.draft('talk note', 'Half a note')
  await one.reread()
  await one.reread()
  equal([one.of('talk message'), one.of('talk note'), redrawn], ['Half a sen', 'Mine', 1])
  world.pass(200)
  one.set('talk message', '')
  await one.reread()
  equal(one.of('talk message'), '')
})
