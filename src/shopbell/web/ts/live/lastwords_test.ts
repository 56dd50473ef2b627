import { equal, settled } from './asserting.ts'
import { type Database, Unanswered } from './db.ts'
import { inMemory } from './inmemory.ts'
import { heedLastWords, type LastWords, withLastWords } from './lastwords.ts'
import { createWorld } from './trying.ts'

const NAME = 'shopbell/staff/maud'
const NEVER = new Promise<never>(() => {})

/** Local storage as these tests find it, for as long as the work takes. */
async function storing(work: (stored: Map<string, string>) => Promise<void>) {
  const stored = new Map<string, string>()
  const methods = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  }
  const storage = new Proxy(methods, {
    ownKeys: () => [...stored.keys()],
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  })
  const own = Object.getOwnPropertyDescriptor(globalThis, 'localStorage')!
  Object.defineProperty(globalThis, 'localStorage', { configurable: true, value: storage })
  try {
    await work(stored)
  } finally {
    Object.defineProperty(globalThis, 'localStorage', own)
  }
}

/** A page of that login, and what it took in; of a page that is to go nothing is written any more. */
function page({ goes = false, refuses = false } = {}) {
  const database: Database = inMemory()
  const taken: LastWords[] = []
  const mute = { add: () => NEVER, remove: () => NEVER, draft: () => NEVER }
  const words = withLastWords(NAME, {
    ...database,
    ...(goes ? mute : {}),
    takeIn(left) {
      if (refuses) return Promise.reject(new Error('closed'))
      taken.push(...left())
      return Promise.resolve()
    },
  })
  return { ...words, taken }
}

function item(nonce: string) {
  return { author: 'maud', nonce, kind: 'message', conversation_id: 'talk', text: 'one', at: '' } as const
}

Deno.test('what was on its way when the page went is taken in once, a text that was sent off included', () =>
  storing(async (stored) => {
    const going = page({ goes: true })
    void going.add(item('n'))
    void going.draft('talk message', undefined)
    void going.draft('talk note', 'Half a note')
    going.leave()
    const next = page()
    await next.drafts()
    await next.outbox()
    equal(next.taken, [{
      items: [item('n')],
      gone: [],
      drafts: { 'talk message': null, 'talk note': 'Half a note' },
    }])
    equal(stored.size, 0)
  }))

Deno.test('a page that has written everything leaves nothing', () =>
  storing(async (stored) => {
    const going = page()
    await going.add(item('n'))
    await going.draft('talk message', 'Half a sen')
    going.leave()
    equal(stored.size, 0)
  }))

Deno.test('what was discarded on its way, or is being discarded, does not come back', () =>
  storing(async () => {
    const going = page({ goes: true })
    void going.add(item('n'))
    void going.remove('n')
    void going.remove('of earlier')
    going.leave()
    const next = page()
    await next.outbox()
    equal(next.taken, [{ items: [], gone: ['n', 'of earlier'], drafts: {} }])
  }))

Deno.test('a text that another tab goes on with is not the one that was left', () =>
  storing(async () => {
    const going = page({ goes: true })
    void going.draft('talk message', 'Half')
    void going.draft('talk note', 'Half a note')
    going.leave()
    const stays = page()
    await stays.draft('talk message', 'Half a sen')
    await stays.outbox()
    equal(stays.taken, [{ items: [], gone: [], drafts: { 'talk note': 'Half a note' } }])
  }))

Deno.test('a text that another tab has gone on with is not left as it was here', () =>
  storing((stored) => {
    const going = page({ goes: true })
    void going.draft('talk message', 'Half')
    going.overtaken('talk message')
    going.leave()
    equal(stored.size, 0)
    return Promise.resolve()
  }))

Deno.test('what cannot be taken in waits for another time, and goes when signing out', () =>
  storing(async (stored) => {
    const going = page({ goes: true })
    void going.add(item('n'))
    going.leave()
    stored.set('shopbell/staff/other/left/1', '{"items":[],"gone":[],"drafts":{}}')
    const next = page({ refuses: true })
    equal([await next.outbox(), stored.size], [[], 2])
    await next.destroy()
    equal([...stored.keys()], ['shopbell/staff/other/left/1'])
  }))

Deno.test('what a tab leaves while another signs out goes as well', () =>
  storing(async (stored) => {
    const going = page({ goes: true })
    void going.draft('talk note', 'Half a note')
    const signsOut = page()
    const destroyed = signsOut.destroy()
    going.leave()
    equal(stored.size, 1)
    await destroyed
    equal(stored.size, 0)
  }))

Deno.test('what is written too late for anybody to wait is left until it is written', () =>
  storing(async (stored) => {
    const answer = Promise.withResolvers<never>()
    const late = () => Promise.reject(new Unanswered(answer.promise))
    const going = withLastWords(NAME, {
      ...inMemory(),
      add: late,
      remove: late,
      draft: late,
      takeIn: () => NEVER,
    })
    const written = Promise.allSettled([
      going.add(item('n')),
      going.remove('of earlier'),
      going.draft('talk note', 'Half'),
    ])
    equal((await written).map(({ status }) => status), ['rejected', 'rejected', 'rejected'])
    going.leave()
    equal([...stored.values()].map((words) => JSON.parse(words)), [{
      items: [item('n')],
      gone: ['of earlier'],
      drafts: { 'talk note': 'Half' },
    }])
    going.stay()
    equal(stored.size, 0)
    answer.reject(new Error('no room'))
    await settled()
    going.leave()
    equal(stored.size, 0)
  }))

Deno.test('who stays tries again while something is left and the database is there', () =>
  storing(async (stored) => {
    const world = createWorld()
    const ending = new AbortController()
    let times = 0
    const ends = Promise.withResolvers<void>()
    const takeIn = () => {
      times += 1
      return Promise.resolve()
    }
    const pass = async (milliseconds: number) => {
      world.pass(milliseconds)
      await settled()
      return times
    }
    heedLastWords(NAME, ending.signal, { after: world.after, ends: ends.promise, takeIn })
    equal([await pass(0), await pass(60_000)], [1, 1])
    const key = `${NAME}/left/1`
    stored.set(key, '{"items":[],"gone":[],"drafts":{}}')
    dispatchEvent(Object.assign(new Event('storage'), { key, newValue: stored.get(key) }))
    equal([await pass(0), await pass(1_999), await pass(1), await pass(2_000)], [2, 2, 3, 4])
    ends.resolve()
    equal([await pass(0), await pass(2_000), await pass(60_000)], [4, 5, 5])
    stored.clear()
    const other = new AbortController()
    heedLastWords(NAME, other.signal, { after: world.after, ends: NEVER, takeIn })
    stored.set(key, '{"items":[],"gone":[],"drafts":{}}')
    equal([await pass(0), await pass(2_000)], [6, 7])
    for (const each of [ending, other]) each.abort()
    equal(await pass(60_000), 7)
  }))
