import { equal } from './asserting.ts'
import { openDrafts } from './drafts.ts'
import { inMemory } from './inmemory.ts'
import { createWorld } from './trying.ts'

Deno.test('what was begun is there again after a rest, and what was sent off is not', async () => {
  const database = inMemory()
  const world = createWorld()
  const drafts = await openDrafts(database, world.after)
  drafts.set('talk message', 'Half a sen')
  drafts.set('talk note', 'Half a note')
  equal([drafts.of('talk message'), (await database.drafts()).length], ['Half a sen', 0])
  world.pass(200)
  drafts.set('talk note', '')
  drafts.keep()
  const again = await openDrafts(database, world.after)
  equal([again.of('talk message'), again.of('talk note')], ['Half a sen', ''])
})

Deno.test('a database that fails costs no text on the screen', async () => {
  const failing = {
    drafts: () => Promise.reject(new Error('closed')),
    draft: () => Promise.reject(new Error('closed')),
  }
  const drafts = await openDrafts(failing, createWorld().after)
  drafts.set('talk message', 'Half a sen')
  drafts.keep()
  equal(drafts.of('talk message'), 'Half a sen')
})
