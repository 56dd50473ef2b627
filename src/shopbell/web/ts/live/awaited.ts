/** What stands in a thread whose messages are not here yet: bones in their shape, or why they could not be loaded. */

import { html, type TemplateResult } from 'lit-html'
import { t } from '../base/texts.ts'
import { empty } from '../ui/empty.ts'
import { NO_ANSWER } from './api.ts'
import type { Problem } from './types.ts'

/** Kept back for a moment by the style sheet, since most are here before one looks. */
export function awaited(): TemplateResult {
  return html`
    <div class="awaited late" role="status"><span class="hidden">${t('Loading the messages')}</span>
      <i class="bone"></i><i class="bone"></i><i class="bone mine"></i><i class="bone"></i><i class="bone mine"></i>
    </div>
  `
}

export function refused(problem: Problem, again: () => void): TemplateResult {
  return empty({
    title: t('The messages could not be loaded'),
    line: problem.status === NO_ANSWER.status ? t('There is no connection.') : problem.detail,
    action: html`<button type="button" class="button plain" @click=${again}>${t('Try again')}</button>`,
    alert: true,
  })
}
