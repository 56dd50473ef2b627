/** What one does in a chat beside reading it. */
import { announce } from '../../base/dom.ts'
import { t } from '../../base/texts.ts'
import { keep } from '../keepsakes.ts'
import type { Acts, Kept, Rating } from '../screen.ts'
import type { Ask } from './asking.ts'
import type { Stage } from './stage.ts'

type Talk = Pick<Acts, 'write' | 'mute' | 'rate' | 'giveFeedback' | 'deferFeedback'>

/** `typing` tells the other side that one is writing. */
export function talkActs(stage: Stage, ask: Ask, typing: (conversationId: string) => void): Talk {
  function change(what: Partial<Kept>): void {
    const kept = { ...stage.screen.kept, ...what }
    stage.set({ kept })
    if (stage.screen.who.status === 'somebody') keep(stage.screen.who.me.person.id, kept)
  }

  function patch(rating: Rating | null, part: Partial<Rating>): void {
    if (rating) stage.set({ rating: { ...rating, ...part } })
  }

  return {
    write(conversationId, text) {
      const { [conversationId]: _, ...others } = stage.screen.kept.drafts
      change({ drafts: text ? { ...others, [conversationId]: text } : others })
      if (text.trim()) typing(conversationId)
    },
    mute(conversationId) {
      const muted = new Set(stage.screen.kept.muted)
      if (!muted.delete(conversationId)) muted.add(conversationId)
      change({ muted })
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
      change({ deferred: new Set(stage.screen.kept.deferred).add(rating.ticketId) })
      stage.set({ rating: null })
      announce(answer.ok ? t('Thank you. Your feedback was sent.') : answer.problem.detail)
    },
    deferFeedback(ticketId) {
      change({ deferred: new Set(stage.screen.kept.deferred).add(ticketId) })
      stage.set({ rating: null })
    },
  }
}
