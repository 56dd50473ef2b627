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
  }, (milliseconds, then) => void world.after(milliseconds, then))
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

Deno.test('a mark that was refused is let go', async () => {
  const { world, marks, seqs, it } = marking()
  it.answer = () => new Refusal({ ...NO_ANSWER, status: 404 })
  marks.read('talk', 4)
  world.pass(100)
  await settled()
  marks.wake()
  equal(seqs(), [4])
})
