/** What the reader may do with a ticket, as the server will decide it too. */

import type { Ticket } from '../live/types.ts'
import { holds, type View } from './view.ts'

export interface Powers {
  readonly answer: boolean
  readonly note: boolean
  readonly claim: boolean
  readonly takeOver: boolean
  readonly prioritise: boolean
  readonly transfer: boolean
  readonly release: boolean
  readonly close: boolean
  readonly reopen: boolean
}

export function powersOver(view: Pick<View, 'state' | 'may'>, ticket: Ticket): Powers {
  const open = ticket.state !== 'closed'
  const writes = view.may('write_tickets')
  const manages = view.may('manage_tickets')
  const mine = holds(view, ticket)
  const free = open && ticket.holder === null
  const inHand = open && (mine || manages)
  return {
    answer: writes && (mine || free),
    note: writes,
    claim: writes && free,
    takeOver: manages && open && !mine && !free,
    prioritise: writes && inHand,
    transfer: writes && open && (mine || free || manages),
    release: writes && inHand && !free,
    close: writes && (inHand || free),
    reopen: writes && !open,
  }
}
