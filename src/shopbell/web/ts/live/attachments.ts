/** Files posted with a message, drawn as links for saving them. */

import { html, nothing, type TemplateResult } from 'lit-html'
import { pageData } from '../base/dom.ts'
import { bytes, t } from '../base/texts.ts'
import { icon } from '../ui/icon.ts'
import type { Message } from './types.ts'

type Attachment = Message['attachments'][number]

/** The attachments of a message, one below the other. */
export function attached(message: Message | undefined): readonly TemplateResult[] {
  return (message?.attachments ?? []).map(link)
}

function link({ name, size, url, caption }: Attachment): TemplateResult {
  const base = pageData<{ base?: string } | null>()?.base ?? ''
  return html`<a class="attachment" href=${base + url} download>${icon('clip', 's')}<span>${
    t('{name}, {size}', { name, size: bytes(size) })
  }</span></a>${caption ? html`<span class="said" dir="auto">${caption}</span>` : nothing}`
}
