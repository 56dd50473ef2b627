/** The two pictures of the member app: a shop window over its page, and the bell at the door. */
import { html, svg, type TemplateResult } from 'lit-html'
import { t } from '../base/texts.ts'

const RIPPLES = [120, 210, 300, 390, 480]

/** The window above a business page, as wide as the page is, until the shop has a cover of its own. */
export function awning(): TemplateResult {
  return html`
    <svg aria-hidden="true">
      <defs>
        <pattern id="awning" width="72" height="72" patternUnits="userSpaceOnUse">
          <path class="cloth" d="M0 0h36v54a18 18 0 0 1-36 0z"></path>
          <path class="awning" d="M36 0h36v54a18 18 0 0 1-36 0z"></path>
        </pattern>
        <pattern id="panes" width="288" height="400" patternUnits="userSpaceOnUse">
          <path class="pane" d="M140 0h8v400h-8zM0 128h288v6H0z"></path>
        </pattern>
      </defs>
      <rect class="glass" width="100%" height="100%"></rect>
      <rect fill="url(#panes)" width="100%" height="100%"></rect>
      <rect fill="url(#awning)" width="100%" height="72"></rect>
    </svg>
  `
}

/** What stands beside the form at the door; it says nothing that one has to know. */
export function doorScene(): TemplateResult {
  return html`
    <aside class="window" aria-hidden="true">
      <svg viewBox="0 0 640 800" preserveAspectRatio="xMidYMid slice">
        <g class="ripples">${RIPPLES.map((radius) =>
          svg`<circle cx="320" cy="400" r=${radius}></circle>`
        )}</g>
      </svg>
      <div class="scene">
        <svg class="mark bell" viewBox="0 0 32 32">
          <use href="#mark"></use>
        </svg>
        <div class="message">
          <div class="parts">
            <p class="speech">${t('Is the rye still warm at eight?')}</p>
          </div>
        </div>
        <div class="message mine">
          <div class="parts">
            <p class="speech">${t('It is if you ring the bell. We’ll keep one back for you.')}</p>
          </div>
        </div>
        <p class="motto">${t('Ring the bell of any shop you like. Somebody who works there answers.')}</p>
      </div>
    </aside>
  `
}
