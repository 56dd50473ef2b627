// What appears only when something is done: a decision, a message, words for a screen reader.

import { html, render, type TemplateResult } from 'lit-html'
import { announce } from '../base/dom.ts'
import { t } from '../base/texts.ts'
import { button } from '../ui/button.ts'
import { choice } from '../ui/choice.ts'
import { ask } from '../ui/dialog.ts'
import { showToast } from '../ui/toast.ts'

/** Draw the buttons that make each of them appear. */
export function drawMoving(place: HTMLElement): void {
  const draw = (answer: string) => render(moving(answer, draw), place)
  draw('')
}

function moving(answer: string, say: (answer: string) => void): TemplateResult {
  const toast = () => showToast({ text: t('Saved'), action: t('Undo'), press: () => say('undone') })
  const decide = async () => say(await close() ?? 'left')
  return html`
    <p class="row wrap">
      ${button({ id: 'decide', label: t('Close Ticket'), kind: 'primary', press: decide })}
      ${button({ id: 'save', label: t('Save'), press: toast })}
      ${button({ id: 'say', label: t('Announce'), press: () => announce(t('Saved')) })}
      <output id="answer">${answer}</output>
    </p>
  `
}

function close(): Promise<string | null> {
  let chosen = ''
  return ask<string>((answer, redraw) => {
    const pick = (value: string) => {
      chosen = value
      redraw()
    }
    const outcome = (value: string, title: string) =>
      choice({ name: 'outcome', value, title, checked: chosen === value, pick })
    return {
      title: t('Close Ticket'),
      line: t('How did it end?'),
      body: html`
        <fieldset class="stack">
          <legend class="hidden">${t('Outcome')}</legend>
          ${outcome('resolved', t('Resolved'))}${outcome('abandoned', t('Abandoned'))}
        </fieldset>
      `,
      actions: html`
        ${button({ label: t('Keep open'), kind: 'quiet', press: () => answer('kept') })}
        ${button({
          label: t('Close Ticket'),
          kind: 'primary',
          disabled: !chosen,
          press: () => answer(chosen),
        })}
      `,
    }
  })
}
