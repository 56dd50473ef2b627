/** The question after a chat was closed: one to five stars and, if one likes, a line. Asked once, never insisted on. */
import { html, nothing, type TemplateResult } from 'lit-html'
import { t } from '../../base/texts.ts'
import type { ConversationItem } from '../../live/types.ts'
import { button } from '../../ui/button.ts'
import { rate } from '../../ui/choice.ts'
import { type App, feedbackPlaces } from '../screen.ts'
import { inWords } from './refused.ts'

/** Nothing unless feedback is due in that chat. */
export function feedback(app: App, chat: ConversationItem): TemplateResult | typeof nothing {
  const { acts, screen } = app
  const ticketId = chat.feedback_due
  if (ticketId === null || screen.kept.deferred.has(ticketId)) return nothing
  const rating = screen.ratings.get(ticketId)
  const stars = Number(app.draft(feedbackPlaces(ticketId).stars))
  return html`
    <section class="ask" aria-labelledby="ask-title">
      <h2 id="ask-title">${t('How was it?')}</h2>
      <p class="small muted own-lines">${t('{name} closed this chat. Your answer helps them.', {
        name: chat.business.name,
      })}</p>
      <form
        @submit=${(event: SubmitEvent) => {
          event.preventDefault()
          acts.giveFeedback(ticketId)
        }}
      >
        ${rate({
          label: t('Stars'),
          name: 'stars',
          value: stars,
          pick: (picked) => acts.rate(ticketId, picked),
        })}
        ${stars ? comment(app, ticketId, rating?.isBusy ?? false) : nothing} ${rating?.problem
          ? html`<p class="small wrong" role="alert">${inWords(rating.problem)}</p>`
          : nothing}
        <div class="row">
          ${button({
            label: t('Not now'),
            kind: 'quiet',
            press: () => acts.deferFeedback(ticketId),
          })} ${stars
            ? button({
              label: t('Send feedback'),
              kind: 'primary',
              type: 'submit',
              busy: rating?.isBusy ? t('Sending…') : '',
            })
            : nothing}
        </div>
      </form>
    </section>
  `
}

function comment({ acts, draft }: App, ticketId: string, isBusy: boolean): TemplateResult {
  return html`
    <label
      class="field comment"><span class="label">${t('Anything to add?')} <span class="faint">${t(
        'optional',
      )}</span></span><textarea class="input" name="comment" rows="2" maxlength="2000" dir="auto" ?disabled=${isBusy}
        .value=${draft(feedbackPlaces(ticketId).comment)}
        @input=${(event: Event) =>
          acts.comment(ticketId, (event.currentTarget as HTMLTextAreaElement).value)}></textarea></label>
  `
}
