/** One ticket in the panel; drawn the same way wherever the list shows it. */

import { html, nothing, type TemplateResult } from 'lit-html'
import { n, t } from '../base/texts.ts'
import { brief } from '../base/time.ts'
import { avatar } from '../ui/avatar.ts'
import { icon } from '../ui/icon.ts'
import type { Ticket } from '../live/types.ts'
import { pathOf } from './route.ts'

export interface RowLook {
  readonly me: string
  readonly current: boolean
  /** Whether the Tab key comes to this row; one of them always does. */
  readonly reachable: boolean
  readonly typing: boolean
  readonly unsent: boolean
  readonly place: number
  readonly total: number
}

export function row(ticket: Ticket, look: RowLook): TemplateResult {
  const closed = ticket.state === 'closed'
  const unread = ticket.unread > 0 && !closed
  const classes = `ticket${unread ? ' unread' : ''}${closed ? ' closed' : ''}`
  return html`
    <li aria-setsize=${look.total} aria-posinset=${look.place}>
      <a class=${classes} href=${pathOf(ticket.id)} data-ticket=${ticket.id} draggable="false"
        tabindex=${look.reachable ? 0 : -1} aria-current=${look.current ? 'true' : nothing}>
          ${avatar({ name: ticket.customer.name, seed: ticket.customer.id })}
          <span class="name"><bdi class="clip">${ticket.customer.name}</bdi>${priority(
            ticket.priority,
          )}${unread ? html`<span class="hidden">${t('Unread')}</span>` : nothing}</span>
          <time datetime=${ticket.updated_at}>${brief(ticket.updated_at)}</time>
          <span class="last clip" dir="auto">${lastLine(ticket, look)}</span>
          <span class="count" title=${messagesText(
            ticket.messages,
          )}><span aria-hidden="true">${ticket.messages > 999
            ? '999+'
            : ticket.messages}</span><span class="hidden">${messagesText(ticket.messages)}</span></span>
          <span class="meta">${holder(ticket, look.me)}${state(ticket)}</span>
        </a>
    </li>
  `
}

const messagesText = (count: number): string =>
  n('{count} message from the customer', '{count} messages from the customer', count)

function lastLine(ticket: Ticket, look: RowLook): TemplateResult | string {
  if (look.typing) return html`<em>${t('typing…')}</em>`
  if (look.unsent) return html`<em>${t('Something you wrote was not sent')}</em>`
  if (ticket.last_line === '' && ticket.messages > 0) return html`<em>${t('Message withdrawn')}</em>`
  return ticket.last_line
}

export function priority(value: Ticket['priority']): TemplateResult | typeof nothing {
  if (value === null) return nothing
  return html`<span class="priority ${value}" role="img" aria-label=${
    PRIORITY_LABELS[value]()
  }><i></i><i></i><i></i></span>`
}

const PRIORITY_LABELS = {
  high: () => t('High priority'),
  medium: () => t('Medium priority'),
  low: () => t('Low priority'),
}

function holder(ticket: Ticket, me: string): TemplateResult {
  if (ticket.holder === null) {
    return html`<span class="chip accent">${
      ticket.state === 'waiting' ? t('Waiting') : t('Unassigned')
    }</span>`
  }
  const name = ticket.holder.id === me ? t('You') : ticket.holder.name
  return html`${
    avatar({ name: ticket.holder.name, seed: ticket.holder.id, size: 'xs' })
  }<bdi class="clip">${name}</bdi>`
}

function state(ticket: Ticket): TemplateResult | typeof nothing {
  if (ticket.outcome === 'resolved') return chip('good', 'check', t('Resolved'))
  if (ticket.outcome === 'abandoned') return chip('', 'x', t('Abandoned'))
  if (ticket.follow_up_of !== null) return chip('brass', 'undo', t('Follow-up'))
  return nothing
}

function chip(look: string, sign: string, text: string): TemplateResult {
  return html`<span aria-hidden="true">·</span><span class="chip ${look}">${icon(sign)}${text}</span>`
}
