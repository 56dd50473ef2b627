import { brief, clock, day, lasting, month, wholeDay } from './time.ts'

const NOW = new Date(2026, 2, 11, 15, 30)

function same<T>(got: T, wanted: T): void {
  if (got !== wanted) throw new Error(`${JSON.stringify(got)} is not ${JSON.stringify(wanted)}`)
}

function before(days: number, hours = 0): Date {
  return new Date(2026, 2, 11 - days, 15 - hours, 30)
}

Deno.test('the time of day is the reader’s', () => same(clock(NOW).replace(/\s/u, ' '), '3:30 PM'))

Deno.test('a day is named by how near it is', () => {
  same(day(NOW, NOW), 'Today')
  same(day(before(1), NOW), 'Yesterday')
  same(day(before(2), NOW), 'Monday')
  same(day(before(7), NOW), 'March 4')
  same(day(before(365), NOW), 'March 11, 2025')
})

Deno.test('a time that a clock ahead of ours gave is a date, not a wrong weekday', () => {
  same(day(before(-2), NOW), 'March 13')
})

Deno.test('a row says the least that tells', () => {
  same(brief(before(0, 2), NOW).replace(/\s/u, ' '), '1:30 PM')
  same(brief(before(1), NOW), 'Yesterday')
  same(brief(before(3), NOW), 'Sun')
  same(brief(before(30), NOW), 'Feb 9')
})

Deno.test('days are counted by midnights, also where one is an hour short', () => {
  for (const at of [new Date(2026, 2, 29, 0, 0), new Date(2026, 2, 29, 23, 59)]) {
    same(wholeDay(at).from, +new Date(2026, 2, 29))
    same(wholeDay(at).to, +new Date(2026, 2, 30))
  }
  same(day(new Date(2026, 2, 28, 12), new Date(2026, 2, 30, 1)), 'Saturday')
})

Deno.test('a month is told with its year', () => same(month(NOW), 'March 2026'))

Deno.test('how long is told in the largest unit that fits', () => {
  same(lasting(59_000), 'under a minute')
  same(lasting(5 * 60_000), '5 min')
  same(lasting(3 * 3_600_000 + 1), '3 h')
  same(lasting(86_400_000), '1 day')
  same(lasting(9 * 86_400_000), '9 days')
})
