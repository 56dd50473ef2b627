import { Refusal } from './api.ts'
import { equal, settled } from './asserting.ts'
import { connect, type Frame, Lost } from './protocol.ts'
import type { Connection } from './types.ts'
import { createWorld, type FakeWorld, posted } from './trying.ts'

function connected(world: FakeWorld = createWorld(), signedIn = () => Promise.resolve(true)) {
  const heard: Frame[] = []
  const said: Connection[] = []
  let cursor: string | undefined
  const protocol = connect('staff', 'ws://shop/live', {
    hello: () => cursor ? { cursor } : {},
    heard: (frames) => {
      heard.push(...frames)
      for (const frame of frames) if ('cursor' in frame) cursor = frame.cursor
    },
    connection: (connection) => said.push(connection),
    signedIn,
  }, world)
  const ready = () => {
    world.last.onopen!()
    world.last.says({ type: 'ready', cursor: cursor ?? 'e-0' })
  }
  return { world, protocol, heard, said, ready, status: () => said.at(-1)!.status }
}

const POST = { type: 'post_message', conversation_id: 'talk', nonce: 'n', text: 'Hello' } as const

Deno.test('it is live only after the server is ready, and hands on frames and arrays of them in order', () => {
  const { world, heard, ready, status } = connected()
  equal(status(), 'connecting')
  ready()
  equal(status(), 'live')
  world.last.says(posted(1), posted(2))
  world.last.says(posted(3))
  equal(heard.map((frame) => frame.type === 'event' ? frame.seq : frame.type), ['ready', 1, 2, 3])
})

Deno.test('it comes back with the cursor of what it has heard, after a pause that doubles', () => {
  const { world, ready, said, status } = connected(createWorld(() => 0.999))
  ready()
  world.last.says(posted(7))
  world.pass(6_000)
  world.last.breaks(1012)
  equal(status(), 'offline')
  const pauses: number[] = []
  for (let tries = 0; tries < 7; tries += 1) {
    const { retryAt } = said.at(-1)!
    pauses.push(retryAt! - world.now())
    world.pass(pauses.at(-1)!)
    world.last.onopen!()
    equal(world.last.sent[0], { type: 'hello', as: 'staff', cursor: 'e-7' })
    world.last.breaks()
  }
  equal(pauses, [999, 999, 1_998, 3_996, 7_992, 15_984, 29_970])
})

Deno.test('a connection that held starts the pauses anew, one that broke at once does not', () => {
  const { world, ready, said } = connected(createWorld(() => 1))
  for (const [held, pause] of [[100, 1_000], [100, 2_000], [100, 4_000], [5_000, 1_000]] as const) {
    ready()
    world.pass(held)
    world.last.breaks()
    equal(said.at(-1)!.retryAt! - world.now(), pause)
    world.pass(pause)
  }
})

Deno.test('an answer finds the command it is for', async () => {
  const { world, protocol, ready } = connected()
  ready()
  const [one, two] = [protocol.send(POST), protocol.send({ ...POST, nonce: 'm' })]
  const refs = world.last.sent.slice(1).map(({ ref }) => ref)
  const problem = { type: '', code: 'forbidden', title: '', status: 403, detail: 'No.' }
  world.last.says({ type: 'refused', ref: refs[1], problem }, {
    type: 'ok',
    ref: refs[0],
    id: 'talk.1',
    seq: 1,
  })
  equal((await one).seq, 1)
  equal(await two.catch((error) => (error as Refusal).problem.code), 'forbidden')
})

Deno.test('what was not answered is lost with the connection, and what is sent without one at once', async () => {
  const { world, protocol, ready } = connected()
  const early = protocol.send(POST)
  equal(await early.catch((error) => error instanceof Lost), true)
  ready()
  const cut = protocol.send(POST)
  world.last.breaks()
  equal(await cut.catch((error) => error instanceof Lost), true)
})

Deno.test('a connection that answers nothing is given up', async () => {
  const { world, protocol, ready, status } = connected()
  ready()
  const unanswered = protocol.send(POST)
  const dead = world.last
  world.pass(15_000)
  equal(await unanswered.catch((error) => error instanceof Lost), true)
  equal([dead.closedWith, status()], [undefined, 'offline'])
})

Deno.test('silence is tried, and an answer of any kind is a sign of life', () => {
  const { world, ready, status } = connected()
  ready()
  world.pass(45_000)
  const probe = world.last.sent.at(-1)!
  equal(probe.type, 'mark_delivered')
  world.last.says({ type: 'refused', ref: probe.ref, problem: {} })
  world.pass(44_000)
  equal([world.sockets.length, status()], [1, 'live'])
  world.pass(7_000)
  equal(status(), 'offline')
})

Deno.test('a page that is looked at again comes back at once', () => {
  const { world, ready, status } = connected()
  ready()
  world.last.breaks()
  world.wake()
  equal([world.sockets.length, status()], [2, 'connecting'])
  ready()
  world.pass(30_000)
  equal(world.sockets.length, 2)
})

Deno.test('turned away with a session that has ended, it stays away', async () => {
  const { world, ready, status } = connected(createWorld(), () => Promise.resolve(false))
  ready()
  world.last.breaks(1008)
  await settled()
  world.pass(120_000)
  world.wake()
  equal([world.sockets.length, status()], [1, 'signed-out'])
})

Deno.test('turned away with a session that lives, or when that cannot be known, it comes back', async () => {
  for (const signedIn of [() => Promise.resolve(true), () => Promise.reject(new Error())]) {
    const { world, ready } = connected(createWorld(), signedIn)
    ready()
    world.last.breaks(1008)
    await settled()
    world.pass(60_000)
    equal(world.sockets.length > 1, true)
  }
})

Deno.test('a server that never gets ready is given up', () => {
  const { world, status } = connected()
  world.last.onopen!()
  world.pass(12_000)
  equal(status(), 'offline')
})

Deno.test('closed, it neither comes back nor hears', () => {
  const { world, protocol, heard, ready } = connected()
  ready()
  const socket = world.last
  protocol.close()
  socket.says(posted(1))
  world.pass(120_000)
  equal([heard.length, world.sockets.length, socket.closedWith], [1, 1, 1_000])
})
