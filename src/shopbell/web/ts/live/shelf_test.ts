import { Shelf } from './shelf.ts'
import { equal } from './asserting.ts'

const numbers = (count: number) =>
  Shelf.of(Array.from({ length: count }, (_, at) => [`row ${at}`, at] as const))

Deno.test('a shelf holds what was put there, and the one before it what it held', () => {
  const before = numbers(1_000)
  const after = before.with('row 7', -7).with('new', 1).without('row 8')
  equal([after.get('row 7'), after.get('new'), after.get('row 8'), after.size], [-7, 1, undefined, 1_000])
  equal([before.get('row 7'), before.get('new'), before.get('row 8'), before.size], [7, undefined, 8, 1_000])
  equal([...after.values()].length, 1_000)
  equal(new Map(after).get('row 7'), -7)
})

Deno.test('a shelf that nothing changes stays the same one', () => {
  const shelf = numbers(10)
  equal(shelf.with('row 3', 3) === shelf, true)
  equal(shelf.without('no such row') === shelf, true)
  equal(shelf.withAll([]) === shelf, true)
})

Deno.test('a shelf tells what differs from an earlier one, and only that', () => {
  const before = numbers(5_000)
  const after = before.with('row 7', -7).with('new', 1).without('row 8')
  equal([...after.since(before)].sort((one, other) => one.key < other.key ? -1 : 1), [
    { key: 'new', before: undefined, after: 1 },
    { key: 'row 7', before: 7, after: -7 },
    { key: 'row 8', before: 8, after: undefined },
  ])
  equal([...after.since(after)], [])
})
