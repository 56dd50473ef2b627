/** Whose ticket is in the main view, and what can be done with it. */

import { html, nothing, type TemplateResult } from 'lit-html'
import { t } from '../base/texts.ts'
import { avatar } from '../ui/avatar.ts'
import { icon } from '../ui/icon.ts'
import type { Ticket } from '../live/types.ts'
import { choice, item, menu } from './menus.ts'
import { pathOf } from './route.ts'
import { pullIcon } from './pull.ts'
import { type Powers, powersOver } from './rights.ts'
import { priority } from './row.ts'
import { lasting } from '../base/time.ts'
import { holds, type View } from './view.ts'

export function header(view: View, ticket: Ticket): TemplateResult {
  const powers = powersOver(view, ticket)
  return html`<header>
    <a class="icon-button narrow-only" href=${pathOf(null)} data-do="back" aria-label=${t('All tickets')}>${
    icon('left')
  }</a>
    <span class="narrow-only">${
    avatar({ name: ticket.customer.name, seed: ticket.customer.id, size: 's' })
  }</span>
    <div class="grow"><h1 tabindex="-1" id="whose"><bdi class="clip">${ticket.customer.name}</bdi></h1>
      <p class="tiny faint clip">${stateLine(view, ticket)}</p></div>
    ${powers.prioritise ? priorityMenu(view, ticket) : onlyShown(ticket)}
    ${powers.transfer ? button('transfer', 'swap', t('Transfer')) : nothing}
    ${powers.close ? button('close', 'check', t('Close Ticket')) : nothing}
    ${pullIcon(view)}
    ${moreMenu(view, ticket, powers)}
  </header>`
}

function button(act: string, sign: string, text: string): TemplateResult {
  return html`<button class="button plain small wide-only" data-do=${act}>${icon(sign, 's')}${text}</button>`
}

function stateLine(view: View, ticket: Ticket): TemplateResult {
  const waited = lasting(view.screen.now - Date.parse(ticket.waiting_since))
  const who = ticket.state === 'closed'
    ? ticket.outcome === 'abandoned' ? t('abandoned') : t('resolved')
    : ticket.holder === null
    ? t('nobody has it · waiting {time}', { time: waited })
    : holds(view, ticket)
    ? t('held by you')
    : t('held by {name}', { name: ticket.holder.name })
  return html`#${ticket.number} · <bdi>${who}</bdi>`
}

const NAMES: Record<'high' | 'medium' | 'low', () => string> = {
  high: () => t('High'),
  medium: () => t('Medium'),
  low: () => t('Low'),
}

function priorityMenu(view: View, ticket: Ticket): TemplateResult {
  const values = ['high', 'medium', 'low'] as const
  return html`<span class="wide-only">${
    menu(view.screen, {
      name: 'priority',
      look: 'button plain small',
      button: html`${priority(ticket.priority)}${ticket.priority ? NAMES[ticket.priority]() : t('Priority')}${
        icon('down', 's')
      }`,
      label: ticket.priority
        ? t('Priority: {name}', { name: NAMES[ticket.priority]() })
        : t('Priority: none'),
      items: choices(ticket, values),
    })
  }</span>`
}

function choices(ticket: Ticket, values: readonly ('high' | 'medium' | 'low')[]): TemplateResult[] {
  return [
    ...values.map((value) =>
      choice({
        act: 'prioritise',
        value,
        chosen: ticket.priority === value,
        text: NAMES[value](),
        sign: priority(value),
      })
    ),
    choice({ act: 'prioritise', value: '', chosen: ticket.priority === null, text: t('None') }),
  ]
}

function onlyShown(ticket: Ticket): TemplateResult | typeof nothing {
  if (ticket.priority === null) return nothing
  return html`<span class="row small muted wide-only">${priority(ticket.priority)}${
    NAMES[ticket.priority]()
  }</span>`
}

/** On a narrow screen all of it; on a wide one what one rarely needs. */
function moreMenu(view: View, ticket: Ticket, powers: Powers): TemplateResult {
  return menu(view.screen, {
    name: 'more',
    look: 'icon-button',
    label: t('More'),
    button: icon('more'),
    items: [
      html`<span class="narrow-only" role="none">${
        powers.transfer ? item('transfer', 'swap', t('Transfer')) : nothing
      }${powers.close ? item('close', 'check', t('Close Ticket')) : nothing}</span>`,
      powers.takeOver ? item('take-over', 'user', t('Take over')) : nothing,
      powers.release ? item('release', 'undo', t('Give back')) : nothing,
      powers.reopen ? item('reopen', 'undo', t('Re-open')) : nothing,
      html`<span class="details-button" role="none">${
        item('details', 'panel', t('Customer details'))
      }</span>`,
      powers.prioritise
        ? html`<span class="narrow-only" role="group" aria-label=${t('Priority')}>${
          choices(ticket, ['high', 'medium', 'low'])
        }</span>`
        : nothing,
      item('keys', 'bolt', t('Keyboard shortcuts')),
    ],
  })
}
