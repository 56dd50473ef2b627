import { NO_ANSWER, Refusal } from './api.ts'
import { equal } from './asserting.ts'
import type { Database } from './db.ts'
import { inMemory } from './inmemory.ts'
import { browser, quiet, texts } from './trying_outbox.ts'

/** A database that can be slow to tell what is unsent, as it was when it was asked. */
function slow() {
  const kept = inMemory()
  let until: Promise<void> | null = null
  const database: Database = {
    ...kept,
    async outbox() {
      const [found, waits] = [kept.outbox(), until]
      await waits
      return found
    },
  }
  /** Who asks now waits until that is called; who asks after `free` does not. */
  const hold = () => {
    let answer = () => {}
    until = new Promise((resolve) => answer = resolve)
    return {
      answer,
      free() {
        until = null
      },
    }
  }
  return { database, hold }
}

Deno.test('what is discarded while the database is being asked does not come back, and is not sent', async () => {
  const { database, hold } = slow()
  const shop = browser(database)
  shop.live = false
  const { outbox, pending } = await shop.tab()
  outbox.post('talk', 'one')
  await quiet()
  const [item] = await database.outbox()
  const asked = hold()
  shop.live = true
  outbox.wake()
  await quiet()
  asked.free()
  await outbox.discard(item!.nonce)
  asked.answer()
  await quiet()
  equal([shop.sent, pending(), outbox.unsent, await database.outbox()], [[], [], 0, []])
})

Deno.test('what is stored while the database is being asked does not come back', async () => {
  const { database, hold } = slow()
  const shop = browser(database)
  const { outbox, pending } = await shop.tab()
  let asked = { answer() {}, free() {} }
  shop.refuse = () => {
    asked = hold()
    void outbox.reread()
    return null
  }
  outbox.post('talk', 'one')
  await quiet()
  equal(texts(shop.stored), ['one'])
  asked.free()
  asked.answer()
  await quiet()
  equal([shop.sent, pending(), outbox.unsent], [['one'], [], 0])
})

Deno.test('what is sent again while the database is being asked is sent', async () => {
  const { database, hold } = slow()
  let asked: ReturnType<typeof hold> | null = null
  const put: Database['put'] = async (item) => {
    asked?.answer()
    await quiet()
    await database.put(item)
  }
  const shop = browser({ ...database, put })
  const { outbox, refused } = await shop.tab()
  shop.refuse = () => new Refusal({ ...NO_ANSWER, status: 403 })
  outbox.post('talk', 'one')
  await quiet()
  await quiet()
  shop.refuse = () => null
  asked = hold()
  void outbox.reread()
  await quiet()
  asked.free()
  await outbox.retry((await database.outbox())[0]!.nonce)
  await quiet()
  equal([texts(shop.stored), refused.length, outbox.unsent], [['one'], 1, 0])
})

Deno.test('what the database took without saying so stands once', async () => {
  const kept = inMemory()
  const silent: Database = {
    ...kept,
    add: (item) => kept.add(item).then(() => Promise.reject(new Error('too late'))),
  }
  const shop = browser(silent)
  shop.live = false
  const { outbox, pending } = await shop.tab()
  outbox.post('talk', 'one')
  await quiet()
  await outbox.reread()
  equal([pending(), outbox.unsent], [['one waiting'], 1])
})

Deno.test('a browser that keeps nothing still sends, and says so', async () => {
  const broken: Database = { ...inMemory(), add: () => Promise.reject(new Error('no room')) }
  const shop = browser(broken)
  const { outbox, pending } = await shop.tab()
  outbox.post('talk', 'one')
  await quiet()
  equal([texts(shop.stored), pending(), outbox.unsent, shop.unkept], [['one'], [], 0, 1])
})

Deno.test('a database closed under the tab costs pauses and no text', async () => {
  let closed = false
  let asked = 0
  const kept = inMemory()
  const closing: Database = {
    ...kept,
    outbox() {
      asked += 1
      return closed ? Promise.reject(new Error('closed')) : kept.outbox()
    },
    add: (item) => closed ? Promise.reject(new Error('closed')) : kept.add(item),
    remove: (nonce) => closed ? Promise.reject(new Error('closed')) : kept.remove(nonce),
  }
  const shop = browser(closing)
  shop.live = false
  const { outbox, pending } = await shop.tab()
  outbox.post('talk', 'one')
  await quiet()
  closed = true
  asked = 0
  shop.live = true
  outbox.post('talk', 'two')
  await quiet()
  equal(asked < 5, true, `asked ${asked} times`)
  shop.world.pass(10_000)
  await quiet()
  equal([texts(shop.stored), pending(), outbox.unsent], [['one', 'two'], [], 0])
})
