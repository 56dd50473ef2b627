/** What was done with a ticket, step by step. */

import { html, nothing, type TemplateResult } from 'lit-html'
import { t } from '../base/texts.ts'
import { brief } from '../base/time.ts'
import type { HistoryItem, Ticket } from '../live/types.ts'
import { stars } from './side.ts'
import type { View } from './view.ts'

export function steps(view: View, ticket: Ticket): TemplateResult {
  const known = view.state.history.get(ticket.id)
  if (!known) {
    return html`
      <div class="late" aria-hidden="true">
        <div class="bone w2"></div>
      </div>
    `
  }
  const feedback = view.state.feedback.get(ticket.id)?.items[0]
  return html`<ol class="steps">${
    known.items.map((item, place) => step(view, item, known.items[place - 1]))
  }${
    feedback
      ? html`<li><span>${stars(feedback.rating)}</span><time datetime=${feedback.at}>${
        brief(feedback.at)
      }</time>${
        feedback.comment ? html`<q class="own-lines" dir="auto">${feedback.comment}</q>` : nothing
      }</li>`
      : nothing
  }</ol>`
}

function step(view: View, item: HistoryItem, before: HistoryItem | undefined): TemplateResult {
  return html`<li><span class="own-lines"><bdi>${
    inWords(view, item, before)
  }</bdi></span><time datetime=${item.at}>${brief(item.at)}</time></li>`
}

export function inWords(
  view: Pick<View, 'state'>,
  { name, by, body }: HistoryItem,
  before: HistoryItem | undefined,
): string {
  const me = view.state.me.staff.id
  const who = by === null ? '' : by.id === me ? t('you') : by.name
  switch (name) {
    case 'ticket_opened':
      return by?.side === 'staff' ? t('Begun by {who}', { who }) : t('Rang the bell')
    case 'tickets_pulled':
      return t('Pulled by {who}', { who })
    case 'ticket_assigned':
      return assigned(me, by, body.holder, before?.body.holder ?? null)
    case 'ticket_released':
      return by === null ? t('Back with everybody: its holder left') : t('Given back by {who}', { who })
    case 'ticket_prioritised':
      return body.priority === null
        ? t('Priority removed by {who}', { who })
        : t('Priority set to {priority} by {who}', { priority: PRIORITIES[body.priority](), who })
    case 'ticket_closed':
      return body.outcome === 'abandoned'
        ? t('Closed as Abandoned by {who}', { who })
        : t('Closed as Resolved by {who}', { who })
    case 'ticket_reopened':
      return t('Re-opened by {who}', { who })
    default:
      return who
  }
}

const PRIORITIES = { high: () => t('High'), medium: () => t('Medium'), low: () => t('Low') }

interface Named {
  readonly id: string
  readonly name: string
}

function assigned(me: string, by: Named | null, to: Named | null, from: Named | null): string {
  const own = to !== null && by?.id === to.id
  const names = {
    who: by?.id === me ? t('you') : by?.name ?? '',
    to: to?.id === me ? t('you') : to?.name ?? '',
  }
  if (!own) return t('Given to {to} by {who}', names)
  if (from !== null) return to?.id === me ? t('You took it over') : t('Taken over by {to}', names)
  return to?.id === me ? t('You took it') : t('Taken by {to}', names)
}
