/** Pull Ticket with its red bubble, and who has been waiting longest. */

import { html, nothing, type TemplateResult } from 'lit-html'
import { n, t } from '../base/texts.ts'
import type { View } from './view.ts'
import { mark } from './mark.ts'
import { longestWait } from './lists.ts'
import { lasting } from '../base/time.ts'

export function pull(view: View): TemplateResult {
  const { state, screen } = view
  const { waiting } = state.counts
  if (screen.opening) {
    return html`
      <div class="pull">
        <div class="bone pull-bone"></div>
        <p class="waiting"></p>
      </div>
    `
  }
  return html`<div class="pull">
    ${pullButton(view)}
    <p class="waiting" role="status">${
    waiting === 0
      ? html`<span>${t('Nobody is waiting')}</span>`
      : html`<span>${waitingText(waiting)}</span>${longest(view)}`
  }</p>
  </div>`
}

function pullButton({ state, screen, may }: View): TemplateResult {
  const { waiting } = state.counts
  const enabled = waiting > 0 && may('write_tickets')
  return html`
    <button class="button ${waiting > 0 ? 'primary' : 'plain'} large full pull-button" data-do="pull"
      ?disabled=${!enabled || screen.pulling}>
        ${mark(waiting > 0 ? 'on' : 'bare quiet')}${t('Pull Ticket')}${counter(waiting)}
      </button>
  `
}

/** The small one that stands over a thread on a narrow screen. */
export function pullIcon({ state, screen, may }: View): TemplateResult {
  const { waiting } = state.counts
  const label = waiting > 0
    ? `${t('Pull Ticket')}, ${waitingText(waiting)}`
    : t('Pull Ticket, nobody is waiting')
  return html`
    <button class="icon-button narrow-only" data-do="pull" aria-label=${label}
      ?disabled=${waiting === 0 || screen.pulling || !may('write_tickets')}>
        ${mark(waiting > 0 ? 'bare' : 'bare quiet')}${counter(waiting, 'pin')}
      </button>
  `
}

/** Not drawn at zero. A new element for each arrival, so that it pops once. */
function counter(waiting: number, place = ''): TemplateResult | typeof nothing {
  if (waiting === 0) return nothing
  return html`<span class="counter new ${place}" aria-label=${waitingText(waiting)} role="img">${
    waiting > 99 ? '99+' : waiting
  }</span>`
}

function waitingText(waiting: number): string {
  return n('{count} customer waiting', '{count} customers waiting', waiting)
}

function longest({ state, screen }: View): TemplateResult | typeof nothing {
  const since = longestWait(state.tickets)
  if (since === null) return nothing
  return html`<span>${t('longest {time}', { time: lasting(screen.now - Date.parse(since)) })}</span>`
}
