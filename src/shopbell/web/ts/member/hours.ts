/** When a shop is open, by its own clock: a pure reading of the hours in its profile. */
import type { Business, Holiday, Hours } from '../live/generated/api.ts'

const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const satisfies readonly (keyof Hours)[]
const DAY_MS = 86_400_000
const DAY_MINUTES = 1440
const HOLIDAYS_AHEAD_DAYS = 21

type Schedule = Pick<Business, 'hours' | 'holidays' | 'time_zone'>

/** Days that follow each other and have the same spans; Monday is 0. No span: closed. */
export interface Line {
  first: number
  last: number
  spans: readonly string[]
  isToday: boolean
}

/** A holiday that is near; `day` as YYYY-MM-DD. */
export interface NearHoliday {
  name: string
  day: string
  spans: readonly string[]
}

/** Whether the shop is open now, and until when (HH:MM); null if it does not say. */
export function opening(shop: Schedule, now: Date): { open: boolean; until: string | null } | null {
  if (!shop.hours) return null
  const { day, minute } = clock(shop, now)
  for (
    const [offset, spans] of [[0, spansOn(shop, day)], [DAY_MINUTES, spansOn(shop, before(day))]] as const
  ) {
    for (const span of spans) {
      const [from, to] = minutes(span)
      if (from <= minute + offset && minute + offset < to) return { open: true, until: span.slice(6) }
    }
  }
  return { open: false, until: null }
}

/** The ordinary week, Monday first; the line of today has no other day in it. */
export function week(shop: Schedule, now: Date): readonly Line[] {
  const hours = shop.hours
  if (!hours) return []
  const today = weekday(clock(shop, now).day)
  const lines: Line[] = []
  WEEKDAYS.forEach((name, number) => {
    const spans = hours[name] ?? []
    const above = lines.at(-1)
    const isToday = number === today
    const joins = above && !above.isToday && !isToday && above.spans.join() === spans.join()
    if (above && joins) lines[lines.length - 1] = { ...above, last: number }
    else lines.push({ first: number, last: number, spans, isToday })
  })
  return lines
}

/** The holidays of the next three weeks, today's included, soonest first. */
export function holidays(shop: Schedule, now: Date): readonly NearHoliday[] {
  const found: NearHoliday[] = []
  let { day } = clock(shop, now)
  for (let ahead = 0; ahead <= HOLIDAYS_AHEAD_DAYS; ahead += 1) {
    const holiday = holidayOn(shop, day)
    if (holiday) found.push({ name: holiday.name, day, spans: holiday.hours ?? [] })
    day = after(day)
  }
  return found
}

function spansOn(shop: Schedule, day: string): readonly string[] {
  const holiday = holidayOn(shop, day)
  if (holiday) return holiday.hours ?? []
  const name = WEEKDAYS[weekday(day)]
  return (name && shop.hours?.[name]) ?? []
}

// A day named with its year beats the same day of every year.
function holidayOn(shop: Schedule, day: string): Holiday | undefined {
  const all = shop.holidays ?? []
  return all.find((one) => one.day === day) ?? all.find((one) => one.day === day.slice(5))
}

function clock(shop: Schedule, now: Date): { day: string; minute: number } {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: shop.time_zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '00'
  return {
    day: `${part('year')}-${part('month')}-${part('day')}`,
    minute: Number(part('hour')) * 60 + Number(part('minute')),
  }
}

function minutes(span: string): [number, number] {
  const at = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))
  const [from, to] = [at(span.slice(0, 5)), at(span.slice(6))]
  return [from, to > from ? to : to + DAY_MINUTES]
}

function weekday(day: string): number {
  return (new Date(day + 'T00:00Z').getUTCDay() + 6) % 7
}

function before(day: string): string {
  return new Date(Date.parse(day + 'T00:00Z') - DAY_MS).toISOString().slice(0, 10)
}

function after(day: string): string {
  return new Date(Date.parse(day + 'T00:00Z') + DAY_MS).toISOString().slice(0, 10)
}
