/** What every part of the console is drawn from. */

import type { Draft } from './drafts.ts'
import type { DeskState, Thread, Ticket } from '../live/types.ts'
import type { Shown } from './lists.ts'
import type { Screen } from './screen.ts'

export type Right = DeskState['me']['rights'][number]

export interface View {
  readonly state: DeskState
  readonly screen: Screen
  /** The rows of the panel, in their order. */
  readonly shown: Shown
  /** What is written and not sent, of the conversation in the main view. */
  readonly draft: Draft
  may(right: Right): boolean
}

export function ticketOf({ state, screen }: Pick<View, 'state' | 'screen'>): Ticket | undefined {
  return screen.ticket === null ? undefined : state.tickets.get(screen.ticket)
}

export function threadOf(view: Pick<View, 'state' | 'screen'>): Thread | undefined {
  const ticket = ticketOf(view)
  return ticket && view.state.threads.get(ticket.conversation_id)
}

/** Whether the reader is the one who answers this customer now. */
export function holds({ state }: Pick<View, 'state'>, ticket: Ticket): boolean {
  return ticket.state !== 'closed' && ticket.holder?.id === state.me.staff.id
}

export function firstName(name: string): string {
  return name.trim().split(/\s+/u)[0] ?? name
}
