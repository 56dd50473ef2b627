import { holidays, opening, week } from './hours.ts'

const WEEK = ['09:00-13:00', '14:00-18:00']
const SHOP = {
  time_zone: 'America/New_York',
  hours: {
    monday: WEEK,
    tuesday: WEEK,
    wednesday: WEEK,
    thursday: WEEK,
    friday: ['18:00-02:00'],
    saturday: ['00:00-24:00'],
  },
  holidays: [
    { name: 'Thanksgiving', day: '2026-11-26' },
    { name: 'Market day', day: '12-01', hours: ['06:00-08:00'] },
    { name: 'New Year', day: '01-01' },
  ],
}

function equal(found: unknown, wanted: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(wanted)) {
    throw new Error(`${JSON.stringify(found)} is not ${JSON.stringify(wanted)}`)
  }
}

function at(utc: string) {
  return opening(SHOP, new Date(utc))
}

Deno.test('open is told by the clock of the shop, not of the reader', () => {
  equal(at('2026-11-23T13:59Z'), { open: false, until: null })
  equal(at('2026-11-23T14:00Z'), { open: true, until: '13:00' })
  equal(at('2026-11-23T18:00Z'), { open: false, until: null })
})

Deno.test('a span over midnight belongs to the evening it began', () => {
  equal(at('2026-11-28T06:59Z'), { open: true, until: '24:00' })
  equal(at('2026-11-21T04:30Z'), { open: true, until: '02:00' })
  equal(at('2026-11-29T05:30Z'), { open: false, until: null })
})

Deno.test('a holiday counts instead of the weekday', () => {
  equal(at('2026-11-26T15:00Z'), { open: false, until: null })
  equal(at('2026-12-01T12:00Z'), { open: true, until: '08:00' })
})

Deno.test('a shop that does not say is neither open nor closed', () => {
  equal(opening({ ...SHOP, hours: null }, new Date()), null)
  equal(week({ ...SHOP, hours: null }, new Date()), [])
})

Deno.test('the week joins equal days and sets today apart', () => {
  const lines = week(SHOP, new Date('2026-11-24T15:00Z'))
  equal(lines.map((line) => [line.first, line.last, line.isToday]), [
    [0, 0, false],
    [1, 1, true],
    [2, 3, false],
    [4, 4, false],
    [5, 5, false],
    [6, 6, false],
  ])
})

Deno.test('near holidays are listed, far ones not', () => {
  const near = holidays(SHOP, new Date('2026-11-23T15:00Z'))
  equal(near.map((one) => [one.name, one.day]), [['Thanksgiving', '2026-11-26'], [
    'Market day',
    '2026-12-01',
  ]])
})
