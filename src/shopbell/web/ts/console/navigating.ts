/** Which ticket is in the main view: by press, by key, by address and by the browser's back button. */

import type { Actions } from './actions.ts'
import type { Desk } from './desk.ts'
import { open as load } from './loading.ts'
import { reachableRow } from './panel.ts'
import { powersOver } from './rights.ts'
import { pathOf, ticketAt } from './route.ts'
import { claimSelected } from './tickets.ts'
import { scrollTo } from './windowed.ts'
import { viewport } from './viewport.ts'

type Navigating = Pick<Actions, 'read' | 'select' | 'back' | 'step'>

/** Arrows held down pass by many tickets; only where one stops is fetched. */
const REST_MS = 120

export function navigating(desk: Desk): Navigating {
  const { screens } = desk
  let resting: number | undefined

  /** What is here already stands first; the address, the claim and what has to be fetched come after that. */
  const open = (ticket: string, manner: 'push' | 'replace', restMs = 0, then = () => {}) => {
    const { screen } = screens
    const tab = screen.ticket === ticket ? screen.tab : 'message'
    screens.set({ ticket, row: ticket, pane: 'thread', tab })
    clearTimeout(resting)
    const settle = () => {
      desk.live.drafts.keep()
      const path = pathOf(ticket)
      if (location.pathname !== path) history[`${manner}State`](null, '', path)
      void load(desk, ticket)
      then()
    }
    desk.afterDrawing(() => resting = setTimeout(settle, restMs))
    desk.redraw()
  }

  addEventListener('popstate', () => {
    const ticket = ticketAt(location.pathname)
    if (ticket === null) screens.set({ ticket: null, pane: 'tickets', drawer: false })
    else open(ticket, 'replace')
  })

  return {
    read: (ticket) => open(ticket, 'push'),
    select(ticket) {
      open(ticket, 'push', 0, () => void claimSelected(desk, ticket))
      // A phone's keyboard would cover what one is about to read.
      const found = desk.state().tickets.get(ticket)
      const answers = found !== undefined && powersOver(desk.view(), found).answer
      if (answers && !matchMedia('(pointer: coarse)').matches) {
        requestAnimationFrame(() => document.getElementById('composer')?.focus({ preventScroll: true }))
      }
    },
    back() {
      screens.set({ pane: 'tickets', drawer: false })
      history.pushState(null, '', pathOf(null))
    },
    step(rows) {
      const { shown, screen } = desk.view()
      const at = shown.rows.findIndex(({ id }) => id === reachableRow({ shown, screen }))
      const standing = document.activeElement?.closest('.tickets') || screen.row !== null || rows < 0
      const to = Math.max(0, Math.min(shown.rows.length - 1, standing ? at + rows : 0))
      const ticket = shown.rows[to]
      if (!ticket) return
      bringIntoSight(to)
      open(ticket.id, 'replace', REST_MS)
      if (!document.querySelector('.list')?.checkVisibility()) return
      desk.afterDrawing(() =>
        document.querySelector<HTMLElement>('.ticket[tabindex="0"]')?.focus({ preventScroll: true })
      )
    },
  }
}

function bringIntoSight(index: number): void {
  const scroller = document.querySelector<HTMLElement>('[data-scroller]')
  if (!scroller) return
  const { rowHeight } = viewport()
  const top = scrollTo(index, rowHeight, scroller.scrollTop, scroller.clientHeight)
  if (top !== null) scroller.scrollTop = top
}
