/** Where a shop is, when it is open, and how else to reach it. */
import { html, nothing, type TemplateResult } from 'lit-html'
import { locale, t } from '../../base/texts.ts'
import type { Business } from '../../live/generated/api.ts'
import { icon } from '../../ui/icon.ts'
import { holidays, type Line, opening, week } from '../hours.ts'

/** Nothing if the shop tells none of it. */
export function visit(business: Business, now: Date): TemplateResult | typeof nothing {
  const lines = week(business, now)
  const ways = reach(business)
  if (lines.length === 0 && ways.length === 0) return nothing
  return html`
    <section class="stack">
      <h2>${t('Visit')}</h2>
      ${lines.length ? hours(business, lines, now) : nothing} ${ways.length
        ? html`<ul class="reach">${ways}</ul>`
        : nothing}
    </section>
  `
}

function hours(business: Business, lines: readonly Line[], now: Date): TemplateResult {
  const state = opening(business, now)
  const days = lines.map((line) => {
    const isNow = line.isToday ? 'now' : ''
    return html`
      <dt class=${isNow}>${line.isToday ? t('Today') : weekdays(line)}</dt>
      <dd class=${isNow}>${times(line.spans)}</dd>
    `
  })
  const near = holidays(business, now).map((day) =>
    html`
      <dt class="own-lines"><bdi>${day.name}</bdi>, ${dayOf(day.day)}</dt>
      <dd>${times(day.spans)}</dd>
    `
  )
  return html`
    <p class="small">${state?.open
      ? html`<span class="chip good">${t('Open until {time}', { time: clock(state.until ?? '') })}</span>`
      : html`<span class="chip">${t('Closed now')}</span>`}</p>
    <dl class="open-hours">${days}${near}</dl>
  `
}

function reach(business: Business): readonly TemplateResult[] {
  const town = [business.postcode, business.city].filter(Boolean).join(' ')
  const address = [business.street, town, business.country].filter(Boolean).join(', ')
  const ways: TemplateResult[] = []
  if (address) ways.push(html`<li>${icon('pin', 's')}<bdi class="own-lines">${address}</bdi></li>`)
  if (business.phone) {
    const number = 'tel:' + business.phone.replace(/[^+\d]/g, '')
    ways.push(
      html`<li>${icon('phone', 's')}<a href=${number}><bdi dir="ltr">${business.phone}</bdi></a></li>`,
    )
  }
  if (business.email) {
    const to = 'mailto:' + encodeURIComponent(business.email)
    ways.push(html`<li>${icon('mail', 's')}<a href=${to}><bdi>${business.email}</bdi></a></li>`)
  }
  const site = business.website ? webAddress(business.website) : null
  if (site) {
    ways.push(
      html`<li>${icon('globe', 's')}<a href=${site.href} rel="noopener noreferrer nofollow" target="_blank"
        ><bdi dir="ltr">${site.host}</bdi></a></li>`,
    )
  }
  return ways
}

// A shop writes its own address of the web; nothing but the web may come of it.
function webAddress(text: string): URL | null {
  const address = URL.canParse(text) ? new URL(text) : null
  return address && /^https?:$/.test(address.protocol) ? address : null
}

function weekdays(line: Line): string {
  const first = weekday(line.first)
  return line.first === line.last ? first : t('{first} – {last}', { first, last: weekday(line.last) })
}

// 5 January 1970 was a Monday.
function weekday(number: number): string {
  return new Intl.DateTimeFormat(locale(), { weekday: 'long', timeZone: 'UTC' })
    .format(Date.UTC(1970, 0, 5 + number))
}

function dayOf(day: string): string {
  return new Intl.DateTimeFormat(locale(), {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  })
    .format(Date.parse(day + 'T00:00Z'))
}

function times(spans: readonly string[]): string {
  if (spans.length === 0) return t('Closed')
  if (spans.join() === '00:00-24:00') return t('All day')
  return spans.map((span) => t('{from} – {to}', { from: clock(span.slice(0, 5)), to: clock(span.slice(6)) }))
    .join(', ')
}

/** HH:MM as the reader writes times; full hours without minutes where that is usual. */
function clock(time: string): string {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  const shape = new Intl.DateTimeFormat(locale(), { hour: 'numeric', minute: '2-digit', timeZone: 'UTC' })
  const short = shape.resolvedOptions().hour12 && minute === 0
  return (short ? new Intl.DateTimeFormat(locale(), { hour: 'numeric', timeZone: 'UTC' }) : shape)
    .format(Date.UTC(1970, 0, 1, hour, minute))
}
