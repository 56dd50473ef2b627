/** What stands where rows will be, while they are on their way. */
import { html, type TemplateResult } from 'lit-html'

/** Shown after 300 ms only, by the style sheet. */
export function rowBones(count: number): TemplateResult {
  return html`
    <div class="late" aria-hidden="true">
      ${Array.from({ length: count }, () =>
        html`
          <div class="row-bones">
            <i class="bone circle"></i><i class="bone w3"></i><i class="bone w2"></i>
          </div>
        `)}
    </div>
  `
}
