import { equal } from './asserting.ts'
import { spanAt, spanAtEnd } from './window.ts'

const HEIGHT = 50
const lengthOf = () => HEIGHT

Deno.test('of five thousand lines only those near the eye are drawn', () => {
  equal(spanAt(5_000, lengthOf, 100_000, 1_000), { first: 1_990, end: 2_030 })
  equal(spanAtEnd(5_000, lengthOf, 1_000), { first: 4_960, end: 5_000 })
})

Deno.test('at both ends, and with few lines, all that is there is drawn', () => {
  equal(spanAt(5_000, lengthOf, 0, 1_000), { first: 0, end: 30 })
  equal(spanAt(5_000, lengthOf, 250_000, 1_000), { first: 4_990, end: 5_000 })
  equal(spanAt(3, lengthOf, 0, 1_000), { first: 0, end: 3 })
  equal(spanAtEnd(0, lengthOf, 1_000), { first: 0, end: 0 })
})

Deno.test('beyond the end the last line is drawn', () => {
  equal(spanAt(10, lengthOf, 90_000, 1_000), { first: 9, end: 10 })
})
