/** What one does in a chat beside reading it. */
import { announce } from '../../base/dom.ts'
import { t } from '../../base/texts.ts'
import type { Acts, Kept, Rating } from '../screen.ts'
import type { Ask } from './asking.ts'
import type { Stage } from './stage.ts'

type Talk = Pick<Acts, 'mute' | 'rate' | 'giveFeedback' | 'deferFeedback'>

/** `keep` has this device remember that. */
export function talkActs(stage: Stage, ask: Ask, keep: (what: Partial<Kept>) => void): Talk {
  function patch(rating: Rating | null, part: Partial<Rating>): void {
    if (rating) stage.set({ rating: { ...rating, ...part } })
  }

  return {
    mute(conversationId) {
      const muted = new Set(stage.screen.kept.muted)
      if (!muted.delete(conversationId)) muted.add(conversationId)
      keep({ muted })
      announce(
        muted.has(conversationId)
          ? t('Muted on this device: new messages are not counted.')
          : t('New messages are counted again.'),
      )
    },
    rate(ticketId, stars) {
      const { rating } = stage.screen
      const before = rating?.ticketId === ticketId ? rating : { ticketId, isBusy: false }
      stage.set({ rating: { ...before, stars, problem: null } })
    },
    async giveFeedback(comment) {
      const { rating } = stage.screen
      if (!rating || rating.isBusy) return
      patch(rating, { isBusy: true, problem: null })
      const said = comment.trim() ? { comment } : {}
      const answer = await ask('PUT /tickets/{ticket_id}/feedback', {
        path: { ticket_id: rating.ticketId },
        body: { rating: rating.stars, ...said },
      })
      // Given on another device meanwhile, or the ticket is open again: either way nothing is asked any more.
      if (!answer.ok && answer.problem.status !== 409) {
        return patch(rating, { isBusy: false, problem: answer.problem })
      }
      keep({ deferred: new Set(stage.screen.kept.deferred).add(rating.ticketId) })
      stage.set({ rating: null })
      announce(answer.ok ? t('Thank you. Your feedback was sent.') : answer.problem.detail)
    },
    deferFeedback(ticketId) {
      keep({ deferred: new Set(stage.screen.kept.deferred).add(ticketId) })
      stage.set({ rating: null })
    },
  }
}
