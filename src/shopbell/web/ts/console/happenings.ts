/** What happened to the tickets of a thread, as lines between its messages. */

import { html, nothing, type TemplateResult } from 'lit-html'
import { t } from '../base/texts.ts'
import { clock } from '../base/time.ts'
import { apart } from '../ui/apart.ts'
import { icon } from '../ui/icon.ts'
import type { Happening } from '../live/lines.ts'
import type { DeskState, Feedback, HistoryItem, Thread, Ticket } from '../live/types.ts'
import { stars } from './side.ts'
import { inWords } from './steps.ts'

type Words = TemplateResult | string
type Line = Happening<Words>

let known: { readonly by: readonly unknown[]; readonly lines: readonly Line[] } | null = null

/** The same array as long as nothing in it changed; one thread is on show at a time. */
export function happenings(state: DeskState, ticket: Ticket, thread: Thread): readonly Line[] {
  const others = thread.tickets.filter((id) => id !== ticket.id)
  const isApart = partings(state, ticket, thread)
  const by = [
    ticket.id,
    state.me.staff.id,
    state.history.get(ticket.id),
    ...isApart,
    ...others.flatMap((id) => [state.tickets.get(id), state.feedback.get(id)]),
  ]
  if (known && known.by.length === by.length && known.by.every((part, place) => part === by[place])) {
    return known.lines
  }
  const lines = [...others.flatMap((id) => earlier(state, id)), ...own(state, ticket, isApart)]
  known = { by, lines }
  return lines
}

/** Of each step of the ticket on show whether anything was said since the one before. */
function partings(state: DeskState, ticket: Ticket, { messages, notes }: Thread): boolean[] {
  const items = state.history.get(ticket.id)?.items ?? []
  return items.map(({ at }, place) => {
    const since = items[place - 1]?.at
    return since === undefined || isSaid(messages, since, at) || isSaid(notes, since, at)
  })
}

/** The ticket on show, step by step; steps between which nothing was said share a line. */
function own(state: DeskState, ticket: Ticket, isApart: readonly boolean[]): Line[] {
  const items = state.history.get(ticket.id)?.items ?? []
  const lines: { key: string; at: string; words: Words[] }[] = []
  for (const [place, item] of items.entries()) {
    if (isApart[place]) lines.push({ key: `${ticket.id} ${place}`, at: begins(item), words: [] })
    else lines.at(-1)!.words.push(apart)
    lines.at(-1)!.words.push(step(state, ticket, item, items[place - 1]))
  }
  return lines.map(({ key, at, words }) => ({ key, at, words: html`<span>${words}</span>` }))
}

/** Whether anything was said between the two moments; `said` is in the order of time, and may be long. */
function isSaid(said: readonly { readonly created_at: string }[], since: string, until: string): boolean {
  let low = 0
  let high = said.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (said[middle]!.created_at > since) high = middle
    else low = middle + 1
  }
  return low < said.length && said[low]!.created_at < until
}

/** A ticket is opened by a message of the same moment, and stands above it. */
function begins({ name, at }: HistoryItem): string {
  return name === 'ticket_opened' ? new Date(Date.parse(at) - 1).toISOString() : at
}

function step(state: DeskState, ticket: Ticket, item: HistoryItem, before?: HistoryItem): TemplateResult {
  const number = item.name === 'ticket_opened' ? html`${t('Ticket')} #${ticket.number}${apart}` : nothing
  const sign = item.name === 'ticket_closed' ? icon('check') : nothing
  const words = html`<bdi class="own-lines">${sign}${inWords({ state }, item, before)}</bdi>`
  const time = html`<time class="nowrap" datetime=${item.at}>${clock(item.at)}</time>`
  return html`${number}<span class="step">${words} ${time}</span>`
}

/** Of another ticket only how it ended. */
function earlier(state: DeskState, id: string): Line[] {
  const ticket = state.tickets.get(id)
  if (!ticket?.closed_at) return []
  const feedback = state.feedback.get(id)?.items[0]
  return [{ key: `${id} closed`, at: ticket.closed_at, words: endOf(ticket, feedback) }]
}

function endOf(ticket: Ticket, feedback: Feedback | undefined): TemplateResult {
  const words = ticket.outcome === 'abandoned'
    ? t('Ticket #{number} closed as Abandoned', { number: String(ticket.number) })
    : t('Ticket #{number} closed as Resolved', { number: String(ticket.number) })
  const rated = feedback ? html`${apart}${stars(feedback.rating)}` : nothing
  return html`${icon('check')} <span>${words}${rated}</span>`
}
