/** The enamel count of what is unread; it is not red, since nobody waits. */
import { html, nothing, type TemplateResult } from 'lit-html'
import { n } from '../../base/texts.ts'

const MOST = 99

/** Nothing at zero; of a muted chat in grey. */
export function unreadCount(count: number, kind: 'muted' | '' = ''): TemplateResult | typeof nothing {
  if (count === 0) return nothing
  return html`
    <span class="unread-count ${kind}"><span aria-hidden="true">${count > MOST
      ? `${MOST}+`
      : count}</span><span
        class="hidden"
      >${n('{count} unread message', '{count} unread messages', count)}</span></span>
  `
}
