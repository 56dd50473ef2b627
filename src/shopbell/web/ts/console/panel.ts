/** The right-hand panel: pull, filters and the list of all tickets. */

import { html, nothing, type TemplateResult } from 'lit-html'
import { guard } from 'lit-html/directives/guard.js'
import { repeat } from 'lit-html/directives/repeat.js'
import { n, t } from '../base/texts.ts'
import type { Problem, Ticket } from '../live/types.ts'
import { isNarrow, keyOf } from './filter.ts'
import { filterbar, inWords } from './filterbar.ts'
import { pull } from './pull.ts'
import { row } from './row.ts'
import type { View } from './view.ts'
import { viewport } from './viewport.ts'
import { sliceOf } from './windowed.ts'

export function panel(view: View): TemplateResult {
  const { state, screen } = view
  const minute = Math.floor(screen.now / 30_000)
  return html`<section class="list" aria-label=${t('Tickets')}>
    ${guard([state.counts, state.tickets, screen.opening, screen.pulling, minute], () => pull(view))}
    ${guard([screen.filter, screen.menu, state.staff], () => filterbar(view))}
    <div class="shelf">
      ${
    view.shown.newer === 0
      ? nothing
      : html`<button class="chip accent newer-chip" data-do="renew-list">${
        n('{count} newer ticket', '{count} newer tickets', view.shown.newer)
      }</button>`
  }
      <div class="scroller" data-scroller>${rows(view)}${below(view)}</div>
    </div>
  </section>`
}

function rows(view: View): TemplateResult {
  const { shown, screen, state } = view
  const { scrolled, room, rowHeight } = viewport()
  const slice = sliceOf(shown.rows.length, rowHeight, scrolled, room)
  const day = new Date(screen.now).toDateString()
  const total = shown.more ? -1 : shown.rows.length
  const reachable = reachableRow(view)
  return html`<ul class="tickets" data-above=${slice.above} data-below=${slice.below} aria-label=${
    t('Tickets')
  }>${
    repeat(
      shown.rows.slice(slice.first, slice.end),
      (ticket) => ticket.id,
      (ticket, index) => {
        const thread = state.threads.get(ticket.conversation_id)
        const look = {
          me: state.me.staff.id,
          current: ticket.id === screen.ticket,
          reachable: ticket.id === reachable,
          typing: thread?.typing.some(({ author }) => author.side === 'person') ?? false,
          unsent: thread?.pending.some(({ status }) => status === 'failed') ?? false,
          place: slice.first + index + 1,
          total,
        }
        return guard([ticket, day, ...Object.values(look)], () => row(ticket, look))
      },
    )
  }</ul>`
}

/** The row the Tab key comes to: where one stands, else what is open, else the first. */
export function reachableRow({ shown, screen }: Pick<View, 'shown' | 'screen'>): string | undefined {
  const known = (id: string | null): Ticket | undefined =>
    id === null ? undefined : shown.rows.find((ticket) => ticket.id === id)
  return (known(screen.row) ?? known(screen.ticket) ?? shown.rows[0])?.id
}

function below(view: View): TemplateResult | typeof nothing {
  const { shown, screen } = view
  const fetching = screen.fetching.get(keyOf(screen.filter))
  if (fetching !== undefined && fetching !== 'busy') return failed(fetching)
  if (shown.rows.length === 0 && shown.more) return screen.now === 0 ? nothing : bones(6)
  if (shown.rows.length === 0) return isNarrow(screen.filter) ? nothingFits(view) : nothingYet()
  return shown.more ? bones(2) : nothing
}

/** In the shape of what comes; the style sheet keeps them back for 300 ms. */
function bones(count: number): TemplateResult {
  return html`<div class="late" role="status"><span class="hidden">${t('Loading tickets')}</span>${
    Array.from({ length: count }, () =>
      html`<div class="bones-row" aria-hidden="true"><span class="bone circle"></span><span class="bone w1"></span><span
          class="bone w2"></span><span class="bone w3"></span></div>`)
  }</div>`
}

function failed(problem: Problem): TemplateResult {
  return html`
    <div class="empty"
      role="alert"><h2>${t('The tickets could not be loaded')}</h2><p class="small">${problem.status === 0
        ? t('There is no connection.')
        : problem.detail}</p><button class="button plain small" data-do="retry-list">${t(
          'Try again',
        )}</button></div>
  `
}

function nothingFits(view: View): TemplateResult {
  return html`<div class="empty"><h2>${t('No ticket fits')}</h2><p class="small"><bdi>${
    inWords(view)
  }</bdi></p><button
    class="button plain small" data-do="clear-filters">${t('Clear filters')}</button></div>`
}

function nothingYet(): TemplateResult {
  return html`
    <div class="empty">
      <h2>${t('No tickets yet')}</h2>
      <p class="small">${t('When a customer writes and you pull the ticket, it stands here for good.')}</p>
    </div>
  `
}
