import { equal } from './asserting.ts'
import { Lengths } from './lengths.ts'

const HEIGHT = 50
const keyOf = String

function listOf(count: number): Lengths<number> {
  const lengths = new Lengths<number>()
  lengths.lay(Array.from({ length: count }, (_, at) => at), keyOf, () => HEIGHT)
  return lengths
}

Deno.test('of five thousand lines only those near the eye are drawn', () => {
  equal(listOf(5_000).between(99_500, 101_500), { first: 1_990, end: 2_030 })
})

Deno.test('at both ends, and with few lines, all that is there is drawn', () => {
  equal(listOf(5_000).between(-500, 1_500), { first: 0, end: 30 })
  equal(listOf(5_000).between(249_500, 251_000), { first: 4_990, end: 5_000 })
  equal(listOf(3).between(-500, 1_500), { first: 0, end: 3 })
  equal(listOf(0).between(-500, 1_500), { first: 0, end: 0 })
})

Deno.test('beyond an end the line that is there is drawn', () => {
  equal(listOf(10).between(90_000, 91_000), { first: 9, end: 10 })
  equal(listOf(10).between(-2_000, -1_000), { first: 0, end: 1 })
})

Deno.test('what was measured moves all that comes after it', () => {
  const lengths = listOf(10)
  lengths.measure(2, [80, 20, 60])
  equal([2, 3, 4, 5, 10].map((at) => lengths.startOf(at)), [100, 180, 200, 260, 510])
  equal(lengths.whole, 510)
  equal(lengths.between(185, 195), { first: 3, end: 4 })
})

Deno.test('a line that was measured keeps its length when others come before it', () => {
  const lengths = listOf(3)
  lengths.measure(0, [10, 20, 30])
  lengths.lay([-2, -1, 0, 1, 2], keyOf, () => HEIGHT)
  equal([1, 2, 3, 4, 5].map((at) => lengths.startOf(at)), [50, 100, 110, 130, 160])
  lengths.forget()
  lengths.lay([0, 1, 2], keyOf, () => HEIGHT)
  equal(lengths.whole, 150)
})

Deno.test('what is to stand is reached in pieces at both ends, and what is in sight at once', () => {
  const list = listOf(100)
  const goal = { first: 20, end: 60 }
  const sight = { first: 35, end: 45 }
  equal(list.towards(goal, sight, { first: 35, end: 45 }, 100), { first: 33, end: 47 })
  equal(list.towards(goal, sight, { first: 33, end: 58 }, 100), { first: 31, end: 60 })
  equal(list.towards(goal, sight, { first: 40, end: 70 }, 100), { first: 35, end: 60 })
  equal(list.towards(goal, sight, { first: 80, end: 90 }, 100), sight)
})

Deno.test('a line longer than a piece is still reached', () => {
  equal(listOf(10).towards({ first: 0, end: 10 }, { first: 4, end: 6 }, { first: 4, end: 6 }, 10), {
    first: 3,
    end: 7,
  })
})
