import { Refusal } from './api.ts'
import { NO_ANSWER } from './api.ts'
import { equal, settled } from './asserting.ts'
import { createMarking } from './marking.ts'
import type { Command } from './protocol.ts'
import { createWorld } from './trying.ts'

function marking() {
  const world = createWorld()
  const sent: Command[] = []
  const it = { answer: (): Error | null => null }
  const marks = createMarking((command) => {
    sent.push(command)
    const error = it.answer()
    return error ? Promise.reject(error) : Promise.resolve()
  }, world.after)
  const seqs = () => sent.map((command) => 'seq' in command ? command.seq : 0)
  return { world, marks, sent, seqs, it }
}

Deno.test('several messages move a mark once, to the furthest', () => {
  const { world, marks, sent } = marking()
  for (const seq of [4, 6, 5]) marks.read('talk', seq)
  marks.delivered('talk', 6)
  world.pass(100)
  equal(sent, [
    { type: 'mark_read', conversation_id: 'talk', seq: 6 },
    { type: 'mark_delivered', conversation_id: 'talk', seq: 6 },
  ])
})

Deno.test('a mark that was lost is sent at the next connection, with none on its way doubled', async () => {
  const { world, marks, seqs, it } = marking()
  it.answer = () => new Error('lost')
  marks.read('talk', 4)
  world.pass(100)
  await settled()
  it.answer = () => null
  marks.wake()
  marks.wake()
  equal(seqs(), [4, 4])
  await settled()
  marks.wake()
  equal(seqs(), [4, 4])
})

Deno.test('a mark that has arrived is not sent again, however often it is asked for', async () => {
  const { world, marks, seqs } = marking()
  for (const seq of [4, 4, 3, 5, 5]) {
    marks.read('talk', seq)
    world.pass(100)
    await settled()
  }
  equal(seqs(), [4, 5])
})

Deno.test('too many, and a server in trouble, only mean later', async () => {
  for (const [status, retry_after] of [[429, 7], [503, 3], [503, undefined]] as const) {
    const { world, marks, seqs, it } = marking()
    it.answer = () => new Refusal({ ...NO_ANSWER, status, ...(retry_after ? { retry_after } : {}) })
    marks.read('talk', 4)
    world.pass(100)
    await settled()
    it.answer = () => null
    marks.read('another talk', 1)
    world.pass((retry_after ?? 2) * 1_000 - 1)
    equal(seqs(), [4], 'not before its time')
    world.pass(1)
    equal(seqs(), [4, 4, 1])
    await settled()
    world.pass(60_000)
    equal(seqs(), [4, 4, 1])
  }
})

Deno.test('a mark that could not be moved gives way to a further one', async () => {
  const { world, marks, seqs, it } = marking()
  it.answer = () => new Refusal({ ...NO_ANSWER, status: 503 })
  marks.read('talk', 4)
  world.pass(100)
  marks.read('talk', 5)
  it.answer = () => null
  await settled()
  world.pass(60_000)
  equal(seqs(), [4, 5])
})

Deno.test('a mark that was refused is let go', async () => {
  const { world, marks, seqs, it } = marking()
  it.answer = () => new Refusal({ ...NO_ANSWER, status: 404 })
  marks.read('talk', 4)
  world.pass(100)
  await settled()
  marks.wake()
  equal(seqs(), [4])
})
