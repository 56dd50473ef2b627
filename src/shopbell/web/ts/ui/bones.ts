// The shape of what comes, for what takes longer than a moment.

import { html, nothing, type TemplateResult } from 'lit-html'
import { t } from '../base/texts.ts'

const BONE =
  html`<span class="grow stack tight"><span class="bone w1"></span><span class="bone w2"></span></span>`

/** Rows of grey; draw them only once 300 ms have passed. */
export function bones(rows = 3, faces = true): TemplateResult {
  const row = html`<div class="row">${faces ? html`<span class="bone circle"></span>` : nothing}${BONE}</div>`
  return html`
    <div class="stack bones" role="status"
      aria-busy="true"><span class="hidden">${t('Loading')}</span>${Array.from(
        { length: rows },
        () => row,
      )}</div>
  `
}
