/** How things stand with the ticket, where that keeps one from simply answering. */

import { html, nothing, type TemplateResult } from 'lit-html'
import { t } from '../base/texts.ts'
import { brief } from '../base/time.ts'
import { apart } from '../ui/apart.ts'
import { icon } from '../ui/icon.ts'
import type { DeskState, Ticket } from '../live/types.ts'
import { powersOver } from './rights.ts'
import { holds, type View } from './view.ts'

export function standing(view: View, ticket: Ticket): TemplateResult | typeof nothing {
  const trouble = view.screen.trouble?.ticket === ticket.id ? troubled(view, ticket) : nothing
  return html`${trouble}${lineOf(view, ticket)}`
}

function lineOf(view: View, ticket: Ticket): TemplateResult | typeof nothing {
  if (ticket.state === 'closed') return closed(view, ticket)
  if (!view.may('write_tickets')) {
    return line('eye', html`${t('You can read here; answering is for the others.')}`)
  }
  if (ticket.holder === null) return free(view, ticket)
  if (!holds(view, ticket)) return held(view, ticket)
  return nothing
}

function free(view: View, ticket: Ticket): TemplateResult {
  return line(
    'user',
    html`${t('Nobody has this ticket. Your answer takes it.')}`,
    powersOver(view, ticket).claim
      ? html`<button class="button plain small" data-do="claim">${t('Take it')}</button>`
      : nothing,
  )
}

function held(view: View, ticket: Ticket): TemplateResult {
  return line(
    'lock',
    html`${onOneLine(ticket.holder!.name)} ${t('has this ticket. You can leave a note.')}`,
    powersOver(view, ticket).takeOver
      ? html`<button class="button plain small" data-do="take-over">${t('Take over')}</button>`
      : nothing,
  )
}

function closed(view: View, ticket: Ticket): TemplateResult {
  const outcome = ticket.outcome === 'abandoned' ? t('Closed as Abandoned') : t('Closed as Resolved')
  const when = ticket.closed_at === null
    ? nothing
    : html`${apart}<time class="nowrap" datetime=${ticket.closed_at}>${brief(ticket.closed_at)}</time>`
  const later = openTicketOf(view.state, ticket)
  const act = later
    ? html`<button class="button plain small" data-do="go" data-ticket-id=${later.id}>${
      t('Go to #{number}', { number: later.number })
    }</button>`
    : powersOver(view, ticket).reopen
    ? html`<button class="button plain small" data-do="reopen">${t('Re-open')}</button>`
    : nothing
  return line(ticket.outcome === 'abandoned' ? 'x' : 'check', html`${outcome}${when}`, act)
}

/** At most one ticket of a conversation is open. */
function openTicketOf(state: DeskState, than: Ticket): Ticket | undefined {
  for (const ticket of state.tickets.values()) {
    if (ticket.conversation_id === than.conversation_id && ticket.state !== 'closed') return ticket
  }
  return undefined
}

function troubled(view: View, ticket: Ticket): TemplateResult {
  const { problem } = view.screen.trouble!
  const has = problem.holder && problem.holder.id !== view.state.me.staff.id ? problem.holder : null
  const words = has
    ? html`${onOneLine(has.name)} ${t('was quicker and has this ticket.')}`
    : html`${
      problem.status === 0 ? t('That needs a connection. Try again when it is back.') : problem.detail
    }`
  return html`<div class="standing trouble" role="alert">${
    icon('alert', 's')
  }<span class="grow own-lines">${words}</span><button
    class="button quiet small" data-do="dismiss" data-ticket-id=${ticket.id}>${t('Dismiss')}</button></div>`
}

/** However long, for what it says of them is what counts here. */
function onOneLine(name: string): TemplateResult {
  return html`<bdi class="clip" title=${name}>${name}</bdi>`
}

function line(
  sign: string,
  words: TemplateResult,
  act: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  return html`
    <div class="standing"
      role="status">${icon(sign, 's')}<span class="grow own-lines">${words}</span>${act}</div>
  `
}
