/** The soft tap: a message in a ticket one holds, while one looks elsewhere. */

import { announce } from '../base/dom.ts'
import { t } from '../base/texts.ts'
import { Shelf } from '../live/shelf.ts'
import type { Ticket } from '../live/types.ts'
import type { Desk } from './desk.ts'
import type { OnScreen } from './onscreen.ts'
import { holds } from './view.ts'

/** To be called after every change; the first call only learns what there is. */
export function tapFor(desk: Desk, onScreen: OnScreen): () => void {
  let seen: Shelf<Ticket> | null = null
  const tap = async ({ id, customer }: Ticket) => {
    if (await onScreen.anywhere(id)) return
    desk.bell.tap()
    announce(t('{name} wrote', { name: customer.name }))
  }
  return () => {
    const { tickets } = desk.state()
    const before = seen
    seen = tickets
    if (before === null || before === tickets) return
    for (const { before: was, after: now } of tickets.since(before)) {
      if (!was || !now || now.messages <= was.messages || !holds({ state: desk.state() }, now)) continue
      void tap(now)
    }
  }
}
