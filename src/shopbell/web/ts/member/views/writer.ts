/** Where one writes: Enter sends, Shift and Enter begin a new line. */
import { html, type TemplateResult } from 'lit-html'
import { t } from '../../base/texts.ts'
import type { ConversationItem } from '../../live/types.ts'
import { icon } from '../../ui/icon.ts'
import type { App } from '../screen.ts'

const LONGEST_TEXT = 8000

export function writer(app: App, chat: ConversationItem): TemplateResult {
  const { acts } = app
  const label = t('Write to {name}', { name: chat.business.name })
  const send = (form: HTMLFormElement) => {
    const text = form.querySelector('textarea')
    if (text && acts.post(chat.id, text.value)) text.value = ''
    text?.focus()
  }
  return html`
    <form
      class="writer"
      @submit=${(event: SubmitEvent) => {
        event.preventDefault()
        send(event.currentTarget as HTMLFormElement)
      }}
    >
      <label class="grow"><span class="hidden">${label}</span><textarea
        class="input"
        rows="1"
        dir="auto"
        maxlength=${LONGEST_TEXT}
        placeholder=${label}
        enterkeyhint="send"
        autocapitalize="sentences"
        .value=${app.draft(chat.id)}
        @input=${(event: Event) => acts.write(chat.id, (event.currentTarget as HTMLTextAreaElement).value)}
        @keydown=${(event: KeyboardEvent) => {
          // While a script is being composed, Enter chooses a word.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
          event.preventDefault()
          send((event.currentTarget as HTMLTextAreaElement).form!)
        }}
      ></textarea></label>
      <button class="send-round" aria-label=${t('Send')} title=${t('Send')}>${icon('send')}</button>
    </form>
  `
}
