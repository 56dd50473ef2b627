import { equal } from '../live/asserting.ts'
import { AGAIN_MS, ringing, SILENT } from './ringing.ts'

Deno.test('an arrival is heard once, then every twenty seconds', () => {
  const arrival = ringing(SILENT, 1, 1000)
  equal(arrival.loudness, 1)
  const soon = ringing(arrival.next, 1, 1000 + AGAIN_MS - 1)
  equal(soon.loudness, 0)
  equal(ringing(soon.next, 1, 1000 + AGAIN_MS).loudness, 1)
})

Deno.test('the fourth ring in a row is quieter, and a new arrival is loud again', () => {
  let { next } = ringing(SILENT, 1, 0)
  const loudness: number[] = []
  for (const turn of [1, 2, 3]) {
    const heard = ringing(next, 1, turn * AGAIN_MS)
    next = heard.next
    loudness.push(heard.loudness)
  }
  equal(loudness, [1, 1, 0.4])
  equal(ringing(next, 2, 3 * AGAIN_MS + 5).loudness, 1)
})

Deno.test('the bell is still the moment nobody is unclaimed', () => {
  const { next } = ringing(SILENT, 2, 0)
  equal(ringing(next, 0, AGAIN_MS * 2), { next: SILENT, loudness: 0 })
})

Deno.test('one of two claimed is no arrival', () => {
  const { next } = ringing(SILENT, 2, 0)
  equal(ringing(next, 1, 10).loudness, 0)
})
