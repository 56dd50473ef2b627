/** Pages that only say something. */
import { html, type TemplateResult } from 'lit-html'
import { t } from '../../base/texts.ts'
import { icon } from '../../ui/icon.ts'
import type { Problem } from '../../live/types.ts'
import type { App } from '../screen.ts'

/** An address that leads nowhere. */
export function lostPage(): TemplateResult {
  return html`
    <main class="empty">
      ${icon('compass', 'l')}
      <h1 tabindex="-1">${t('There is nothing here')}</h1>
      <p>${t('The address may be misspelt, or what was here is gone.')}</p>
    </main>
  `
}

/** The server cannot be asked who this is, and nobody was signed in here before. */
export function unreachablePage(app: App, problem: Problem): TemplateResult {
  return html`
    <main class="empty">
      ${icon('lost', 'l')}
      <h1 tabindex="-1">${t('Shopbell cannot be reached')}</h1>
      <p>${problem.status === 0 ? t('Check your connection.') : problem.detail}</p>
      <button type="button" class="button plain" @click=${() => app.acts.again()}>${t('Try again')}</button>
    </main>
  `
}
