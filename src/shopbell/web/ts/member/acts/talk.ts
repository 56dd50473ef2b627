/** What one does in a chat beside reading it. */
import { announce } from '../../base/dom.ts'
import { t } from '../../base/texts.ts'
import { type Acts, feedbackPlaces, type Kept, type Rating } from '../screen.ts'
import type { Ask } from './asking.ts'
import type { Stage } from './stage.ts'

type Talk = Pick<Acts, 'mute' | 'rate' | 'comment' | 'giveFeedback' | 'deferFeedback'>

/** What this device remembers of whoever is here, and what was begun. */
interface Memory {
  api(): unknown
  keep(what: Partial<Kept>): void
  draft(place: string): string
  goOn(place: string, text: string): void
}

export function talkActs(stage: Stage, ask: Ask, { api, keep, draft, goOn }: Memory): Talk {
  function rated(ticketId: string, rating: Rating | null): void {
    const ratings = new Map(stage.screen.ratings)
    if (rating) ratings.set(ticketId, rating)
    else ratings.delete(ticketId)
    stage.set({ ratings })
  }

  function settled(ticketId: string): void {
    const { stars, comment } = feedbackPlaces(ticketId)
    for (const place of [stars, comment]) goOn(place, '')
    // No longer due, it may be again, when the ticket is closed once more.
    const chats = [...stage.screen.state?.conversations.values() ?? []]
    if (chats.some((chat) => chat.feedback_due === ticketId)) {
      keep({ deferred: new Set(stage.screen.kept.deferred).add(ticketId) })
    }
    rated(ticketId, null)
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
      goOn(feedbackPlaces(ticketId).stars, String(stars))
      const rating = stage.screen.ratings.get(ticketId)
      if (rating) rated(ticketId, { ...rating, problem: null })
    },
    comment: (ticketId, text) => goOn(feedbackPlaces(ticketId).comment, text),
    async giveFeedback(ticketId) {
      const places = feedbackPlaces(ticketId)
      const [rating, comment] = [Number(draft(places.stars)), draft(places.comment)]
      if (!rating || stage.screen.ratings.get(ticketId)?.isBusy) return
      rated(ticketId, { isBusy: true, problem: null })
      const asked = api()
      const answer = await ask('PUT /tickets/{ticket_id}/feedback', {
        path: { ticket_id: ticketId },
        body: { rating, ...(comment.trim() ? { comment } : {}) },
      })
      // Whoever is here by now has not given it.
      if (api() !== asked) return
      // Given on another device meanwhile, or the ticket is open again: either way nothing is asked any more.
      if (!answer.ok && answer.problem.status !== 409) {
        return rated(ticketId, { isBusy: false, problem: answer.problem })
      }
      settled(ticketId)
      announce(answer.ok ? t('Thank you. Your feedback was sent.') : answer.problem.detail)
    },
    deferFeedback: settled,
  }
}
