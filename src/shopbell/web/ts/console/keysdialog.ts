/** Every shortcut on one sheet, and whether single letters are any. */

import { html, type TemplateResult } from 'lit-html'
import { t } from '../base/texts.ts'
import type { View } from './view.ts'

const SHEET: readonly [() => string, readonly string[]][] = [
  [() => t('Search by customer'), ['Ctrl', 'K']],
  [() => t('Move through the tickets'), ['J', 'K', '↓', '↑']],
  [() => t('Select the ticket: it becomes yours'), ['Enter']],
  [() => t('Back to the tickets'), ['Esc']],
  [() => t('Pull Ticket'), ['G']],
  [() => t('Reply'), ['R']],
  [() => t('Note'), ['N']],
  [() => t('Assign to me'), ['A']],
  [() => t('Transfer'), ['T']],
  [() => t('Priority'), ['P']],
  [() => t('Close Ticket'), ['E']],
  [() => t('Customer details'), ['D']],
  [() => t('Send, always'), ['Ctrl', 'Enter']],
  [() => t('New line'), ['Shift', 'Enter']],
  [() => t('This sheet'), ['?']],
]

export function keysDialog({ screen: { settings } }: View): TemplateResult {
  return html`
    <form class="stack" data-form="keys">
      <h2 id="dialog-title">${t('Keyboard shortcuts')}</h2>
      <dl class="keys">${SHEET.map(([what, keys]) =>
        html`
          <dt>${what()}</dt>
          <dd>${keys.map((key) => html`<kbd>${key}</kbd>`)}</dd>
        `
      )}</dl>
      <div class="toggles">
        <label>${t(
          'Single letters are shortcuts',
        )}<input type="checkbox" class="switch" data-set="singleKeys" .checked=${settings.singleKeys}></label>
        <label>${t(
          'Enter sends',
        )}<input type="checkbox" class="switch" data-set="enterSends" .checked=${settings.enterSends}></label>
      </div>
      <div
        class="actions"><button class="button plain" data-do="close-dialog" type="button">${t(
          'Done',
        )}</button></div>
    </form>
  `
}
