/** The verbs of a ticket: asked for over HTTP; what changes on the screen comes back as events. */

import type { Desk } from './desk.ts'
import type { Actions } from './actions.ts'
import { announce } from '../base/dom.ts'
import { n, t } from '../base/texts.ts'
import { showToast } from '../ui/toast.ts'
import { type Problem, problemOf } from './problems.ts'
import { powersOver } from './rights.ts'
import { ticketOf } from './view.ts'

type Verbs = Pick<Actions, 'pull' | 'claim' | 'release' | 'reopen' | 'prioritise' | 'dismiss'>

export function ticketVerbs(desk: Desk): Verbs {
  const { screens, live: { api: ask } } = desk
  /** One verb on the ticket in the main view; what goes wrong stands beside the ticket it went wrong with. */
  const on = async (verb: (ticket_id: string) => Promise<unknown>) => {
    const ticket = ticketOf(desk.view())
    if (!ticket) return
    if (screens.screen.trouble?.ticket === ticket.id) screens.set({ trouble: null })
    try {
      await verb(ticket.id)
    } catch (error) {
      screens.set({ trouble: { ticket: ticket.id, problem: problemOf(error) } })
    }
  }
  return {
    pull: () => void pull(desk),
    claim: () =>
      void on((ticket_id) =>
        ask('PUT /tickets/{ticket_id}/holder', { path: { ticket_id }, body: { staff_id: 'me' } })
      ),
    release: () => void on((ticket_id) => ask('DELETE /tickets/{ticket_id}/holder', { path: { ticket_id } })),
    reopen: () => void on((ticket_id) => ask('DELETE /tickets/{ticket_id}/closure', { path: { ticket_id } })),
    prioritise: (priority) =>
      void on((ticket_id) =>
        ask('PUT /tickets/{ticket_id}/priority', { path: { ticket_id }, body: { priority } })
      ),
    dismiss: () => screens.set({ trouble: null }),
  }
}

async function pull({ screens, live: { api: ask }, state, view }: Desk): Promise<void> {
  if (state().counts.waiting === 0 || screens.screen.pulling || !view().may('write_tickets')) return
  screens.set({ pulling: true })
  try {
    const { pulled } = await ask('POST /desk/pull', {})
    announce(n('{count} ticket pulled', '{count} tickets pulled', pulled))
  } catch (error) {
    showToast({ text: wordsOf(problemOf(error)), icon: 'alert' })
  } finally {
    screens.set({ pulling: false })
  }
}

/** Select: a ticket that nobody has becomes the reader's, where they may. */
export async function claimSelected(desk: Desk, ticket_id: string): Promise<void> {
  const ticket = desk.state().tickets.get(ticket_id)
  if (!ticket || !powersOver(desk.view(), ticket).claim) return
  try {
    await desk.live.api('PUT /tickets/{ticket_id}/holder', { path: { ticket_id }, body: { staff_id: 'me' } })
  } catch (error) {
    desk.screens.set({ trouble: { ticket: ticket_id, problem: problemOf(error) } })
  }
}

export function wordsOf(problem: Problem): string {
  return problem.status === 0 ? t('That needs a connection. Try again when it is back.') : problem.detail
}
