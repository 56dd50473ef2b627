/** Writing to the customer and to the team: drafts, sending, and the sign that one is typing. */

import type { Actions } from './actions.ts'
import { LONGEST_TEXT, tabOf } from './composer.ts'
import type { Desk } from './desk.ts'
import { placeOf } from './drafts.ts'
import { holds, ticketOf } from './view.ts'

type Writing = Pick<Actions, 'tab' | 'write' | 'send' | 'retry' | 'discard' | 'older' | 'seen' | 'sawThread'>

export function writing(desk: Desk): Writing {
  const { screens } = desk
  let seen: { readonly conversation: string; readonly seq: number } | null = null
  const here = () => {
    const ticket = ticketOf(desk.view())
    return ticket && { ticket, tab: tabOf(desk.view(), ticket) }
  }
  const sawThread = () => {
    const ticket = ticketOf(desk.view())
    if (ticket?.conversation_id !== seen?.conversation || document.visibilityState !== 'visible') return
    if (ticket && seen && holds(desk.view(), ticket)) desk.live.read(seen.conversation, seen.seq)
  }
  return {
    tab: (tab) => screens.set({ tab }),
    write(text) {
      const place = here()
      if (!place) return
      const { ticket, tab } = place
      // A note one is writing stays a note, even if the ticket becomes one's own meanwhile.
      if (screens.screen.tab !== tab) screens.set({ tab })
      desk.live.drafts.set(placeOf(ticket.conversation_id, tab), text)
      if (tab === 'message' && text !== '') desk.live.typing(ticket.conversation_id)
      desk.redraw()
    },
    send() {
      const place = here()
      if (!place) return
      const { ticket, tab } = place
      const text = desk.live.drafts.of(placeOf(ticket.conversation_id, tab))
      // The server counts code points, and a text of white space alone is none.
      if (text.trim() === '' || [...text].length > LONGEST_TEXT) return
      // A text that was never drawn, as one of this very frame, would not be taken away by drawing either.
      desk.draw()
      if (tab === 'message') desk.live.post(ticket.conversation_id, text)
      else desk.live.note(ticket.conversation_id, ticket.id, text)
      desk.live.drafts.set(placeOf(ticket.conversation_id, tab), '')
      desk.live.drafts.keep()
      desk.draw()
    },
    retry: (nonce) => desk.live.retry(nonce),
    discard: (nonce) => desk.live.discard(nonce),
    older() {
      const place = here()
      if (place) void desk.live.load.older(place.ticket.conversation_id).catch(() => {})
    },
    seen(seq) {
      const ticket = ticketOf(desk.view())
      if (!ticket) return
      seen = { conversation: ticket.conversation_id, seq }
      sawThread()
    },
    sawThread,
  }
}
