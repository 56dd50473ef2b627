/** Who the customer is: what the business knows of them, this ticket's history, and their earlier tickets. */

import { html, nothing, type TemplateResult } from 'lit-html'
import { n, t } from '../base/texts.ts'
import { brief, month } from '../base/time.ts'
import { apart } from '../ui/apart.ts'
import { avatar } from '../ui/avatar.ts'
import { icon } from '../ui/icon.ts'
import type { Feedback, Ticket } from '../live/types.ts'
import { pathOf } from './route.ts'
import { steps } from './steps.ts'
import type { View } from './view.ts'

export function side(view: View, ticket: Ticket, folded: boolean): TemplateResult {
  if (folded && !view.screen.drawer) return rail()
  return html`<aside class=${view.screen.drawer ? 'side drawn' : 'side'} aria-label=${t('Customer details')}>
    ${who(view, ticket)}
    ${section(t('This ticket'), steps(view, ticket))}
    ${section(t('Earlier tickets'), earlier(view, ticket))}
  </aside>`
}

function rail(): TemplateResult {
  return html`<aside class="side rail" aria-label=${
    t('Customer details, hidden')
  }><button class="icon-button" data-do="details"
    aria-expanded="false" aria-label=${t('Show customer details')}>${icon('panel')}</button></aside>`
}

function who(view: View, ticket: Ticket): TemplateResult {
  const { customer } = ticket
  const known = view.state.members.get(customer.id)
  const standing = known === undefined
    ? ''
    : known.joined_at === null
    ? t('Not in your Loop')
    : t('In your Loop since {month}', { month: month(known.joined_at) })
  return html`<div class="who">
    <button class="icon-button small fold" data-do="details" aria-expanded="true" aria-label=${
    t('Hide customer details')
  }>${icon(view.screen.drawer ? 'x' : 'panel')}</button>
    ${avatar({ name: customer.name, seed: customer.id, size: 'xl' })}
    <h2 class="own-lines"><bdi>${customer.name}</bdi></h2>
    <p class="small muted">${standing}</p>
    ${known?.blocked ? html`<p><span class="chip bad">${icon('mute')}${t('Blocked')}</span></p>` : nothing}
  </div>`
}

function section(title: string, content: TemplateResult): TemplateResult {
  return html`
    <details open>
      <summary>${title} ${icon('down', 's')}</summary>
      <div class="inner">${content}</div>
    </details>
  `
}

function earlier(view: View, ticket: Ticket): TemplateResult {
  const others = earlierThan(view, ticket)
  if (others.length === 0) return html`<p class="small faint">${t('None: this is the first.')}</p>`
  return html`<ul class="earlier">${
    others.map((one) => earlierTicket(one, view.state.feedback.get(one.id)?.items))
  }</ul>`
}

/** The tickets of the same customer that the store knows, the newest first. */
function earlierThan({ state }: Pick<View, 'state'>, ticket: Ticket): Ticket[] {
  const others: Ticket[] = []
  for (const one of state.tickets.values()) {
    if (one.conversation_id === ticket.conversation_id && one.id !== ticket.id) others.push(one)
  }
  return others.sort((one, other) => other.number - one.number)
}

function earlierTicket(ticket: Ticket, feedback: readonly Feedback[] | undefined): TemplateResult {
  const outcome = ticket.outcome === 'resolved'
    ? t('Resolved')
    : ticket.outcome === 'abandoned'
    ? t('Abandoned')
    : t('Open')
  return html`<li>
    <a href=${pathOf(ticket.id)} data-do="go" data-ticket-id=${ticket.id}>#${ticket.number}</a>${
    rated(feedback)
  }
    <span class="tiny faint">${outcome}${apart}${brief(ticket.closed_at ?? ticket.updated_at)}</span>
    ${feedback?.[0]?.comment ? html`<q class="own-lines" dir="auto">${feedback[0].comment}</q>` : nothing}
  </li>`
}

function rated(feedback: readonly Feedback[] | undefined): TemplateResult {
  if (feedback === undefined) return html`<span></span>`
  const newest = feedback[0]
  if (!newest) return html`<span class="tiny faint">${t('No feedback')}</span>`
  return stars(newest.rating)
}

export function stars(rating: number): TemplateResult {
  return html`<span class="stars" role="img" aria-label=${
    n('{count} of 5 stars', '{count} of 5 stars', rating)
  }>${
    [1, 2, 3, 4, 5].map((one) => html`<span class=${one <= rating ? '' : 'off'}>${icon('star')}</span>`)
  }</span>`
}
