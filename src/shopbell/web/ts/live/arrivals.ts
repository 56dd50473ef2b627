/** Telling the other side that its messages have arrived; among staff, at who holds the ticket or at all of them. */

import { actorOf } from './identity.ts'
import type { Marking } from './marking.ts'
import type { Message, State } from './types.ts'

export interface Arrivals {
  deliver(message: Message): void
  /** Of a person: everything that came while nobody listened. */
  deliverAll(): void
}

export function createArrivals(state: () => State, marking: Marking): Arrivals {
  const deliver = (message: Message) => {
    const now = state()
    if (message.author.side === now.side || message.kind === 'feedback_request') return
    const holder = now.side === 'staff' ? now.tickets.get(message.ticket_id ?? '')?.holder : null
    if (!holder || holder.id === actorOf(now.me)) marking.delivered(message.conversation_id!, message.seq)
  }
  return {
    deliver,
    deliverAll() {
      const now = state()
      if (now.side === 'staff') return
      for (const { last_message, unread } of now.conversations.values()) {
        if (last_message && unread) deliver(last_message)
      }
    },
  }
}
