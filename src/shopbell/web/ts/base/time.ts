// Times as the reader says them: in their own zone and language. Every time is RFC 3339 text or a Date.

import { locale, n, t } from './texts.ts'

export type Time = string | number | Date

const DAY_MS = 86_400_000
const WEEK_DAYS = 7
const formats = new Map<string, Intl.DateTimeFormat>()

/** The time of day, as "9:15". */
export function clock(at: Time): string {
  return format('clock', { hour: 'numeric', minute: '2-digit' }).format(date(at))
}

/** The day as a heading: "Today", "Yesterday", "Monday", "3 March", "3 March 2024". */
export function day(at: Time, now: Time = Date.now()): string {
  const days = daysBetween(at, now)
  if (days === 0) return t('Today')
  if (days === 1) return t('Yesterday')
  if (days > 1 && days < WEEK_DAYS) return format('weekday', { weekday: 'long' }).format(date(at))
  if (date(at).getFullYear() === date(now).getFullYear()) {
    return format('day', { day: 'numeric', month: 'long' }).format(date(at))
  }
  return format('date', { day: 'numeric', month: 'long', year: 'numeric' }).format(date(at))
}

/** The shortest that still says when, for a row: "9:15", "Yesterday", "Mon", "3 Mar", "3 Mar 2024". */
export function brief(at: Time, now: Time = Date.now()): string {
  const days = daysBetween(at, now)
  if (days === 0) return clock(at)
  if (days === 1) return t('Yesterday')
  if (days > 1 && days < WEEK_DAYS) return format('short-weekday', { weekday: 'short' }).format(date(at))
  if (date(at).getFullYear() === date(now).getFullYear()) {
    return format('short-day', { day: 'numeric', month: 'short' }).format(date(at))
  }
  return format('short-date', { day: 'numeric', month: 'short', year: 'numeric' }).format(date(at))
}

/** Day and time in full, for a title. */
export function exact(at: Time): string {
  return format('exact', { dateStyle: 'full', timeStyle: 'short' }).format(date(at))
}

/** The month, as "March 2026". */
export function month(at: Time): string {
  return format('month', { month: 'long', year: 'numeric' }).format(date(at))
}

/** How long, in the largest unit that fits: "under a minute", "5 min", "3 h", "2 days". */
export function lasting(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  if (minutes < 1) return t('under a minute')
  if (minutes < 60) return t('{minutes} min', { minutes })
  if (ms < DAY_MS) return t('{hours} h', { hours: Math.floor(minutes / 60) })
  return n('{count} day', '{count} days', Math.floor(ms / DAY_MS))
}

/** The day of the reader's calendar that it falls on, from its first moment to that of the next; since 1970, in ms. */
export function wholeDay(at: Time): { readonly from: number; readonly to: number } {
  const day = date(at)
  const midnight = (days: number) => +new Date(day.getFullYear(), day.getMonth(), day.getDate() + days)
  return { from: midnight(0), to: midnight(1) }
}

function daysBetween(at: Time, now: Time): number {
  return Math.round((midnight(now) - midnight(at)) / DAY_MS)
}

function midnight(at: Time): number {
  const day = date(at)
  return Date.UTC(day.getFullYear(), day.getMonth(), day.getDate())
}

function date(at: Time): Date {
  return at instanceof Date ? at : new Date(at)
}

function format(name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale()} ${name}`
  let known = formats.get(key)
  if (known === undefined) formats.set(key, known = new Intl.DateTimeFormat(locale(), options))
  return known
}
