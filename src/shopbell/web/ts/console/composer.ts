/** Where one writes: to the customer, or on a note that only the team sees. */

import { html, nothing, type TemplateResult } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import { n, t } from '../base/texts.ts'
import { icon } from '../ui/icon.ts'
import type { Ticket } from '../live/types.ts'
import { powersOver } from './rights.ts'
import type { Tab } from './screen.ts'
import { firstName, type View } from './view.ts'

export const LONGEST_TEXT = 8000
/** From here on one is told how much room is left. */
const NEAR_THE_END = 7500

export function composer(view: View, ticket: Ticket): TemplateResult | typeof nothing {
  const powers = powersOver(view, ticket)
  if (!powers.note) return nothing
  const tab = tabOf(view, ticket)
  const note = tab === 'note'
  const name = firstName(ticket.customer.name)
  const text = view.draft[tab]
  return html`
    <form class="composer ${note ? 'is-note' : ''}" data-composer aria-label=${t('Write to {name}', {
      name,
    })}>
      <div class="tabs" role="tablist" aria-label=${t('Who will see it')}>
          ${tabButton('message', tab, t('Message'), !powers.answer)}${tabButton(
            'note',
            tab,
            t('Note'),
            false,
          )}
          <span class="for tiny faint clip" id="seen-by"><bdi>${note
            ? t('Seen by your team, never by {name}', { name })
            : t('To {name}', { name })}</bdi></span>
        </div>
      <div role="tabpanel" id="writing" aria-labelledby="tab-${tab}">
        <textarea id="composer" dir="auto" rows="1" aria-label=${note
          ? t('Note for your team')
          : t('Message')}
          aria-describedby="seen-by" placeholder=${note
            ? t('Write a note for your team')
            : t('Write to {name}', { name })}
          enterkeyhint=${view.screen.settings.enterSends ? 'send' : 'enter'} .value=${live(text)}></textarea>
      </div>
      <div class="tools">
          ${room(text)}
          <span class="grow"></span>
          <span class="tiny faint wide-only">${view.screen.settings.enterSends
            ? html`<kbd>${t('Enter')}</kbd> ${t('sends')}`
            : html`<kbd>${t('Ctrl')}</kbd> <kbd>${t('Enter')}</kbd> ${t('sends')}`}</span>
          <button class="button primary">${note ? t('Add note') : t('Send')}</button>
        </div>
    </form>
  `
}

/** The tab that is open: the note's, where one may not answer. */
export function tabOf(view: View, ticket: Ticket): Tab {
  return powersOver(view, ticket).answer ? view.screen.tab : 'note'
}

function tabButton(tab: Tab, open: Tab, text: string, disabled: boolean): TemplateResult {
  return html`
    <button type="button" role="tab" id="tab-${tab}" data-do="tab" data-tab=${tab}
      aria-selected=${tab === open}
      aria-controls="writing" tabindex=${tab === open ? 0 : -1} ?disabled=${disabled}>${tab === 'note'
        ? icon('sticky', 's')
        : nothing}${text}</button>
  `
}

function room(text: string): TemplateResult | typeof nothing {
  const length = [...text].length
  if (length < NEAR_THE_END) return nothing
  const left = LONGEST_TEXT - length
  return html`<span class="left tiny ${left < 0 ? 'over' : ''}" role="status">${
    left < 0
      ? n('{count} character too many', '{count} characters too many', -left)
      : n('{count} character left', '{count} characters left', left)
  }</span>`
}
