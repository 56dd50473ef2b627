/** What a ticket needs to be shown: its thread, notes, history, feedback, and who the customer is. */

import type { Desk } from './desk.ts'
import { problemOf } from './problems.ts'

/** Earlier tickets that are looked up with a thread, for their outcome and feedback. */
const EARLIER = 6

/** Fetch what is not here yet; what is here is kept current by events. */
export async function open(desk: Desk, id: string): Promise<void> {
  const { screens, state, live: { load } } = desk
  const missing = new Map(screens.screen.missing)
  if (missing.delete(id)) screens.set({ missing })
  try {
    const details = load.ticket(id)
    if (!state().tickets.has(id)) await details
    const { conversation_id, customer } = state().tickets.get(id)!
    await Promise.all([
      details,
      load.thread(conversation_id),
      state().members.has(customer.id) ? null : load.member(customer.id),
    ])
    if (screens.screen.ticket === id) await earlier(desk, id, conversation_id)
  } catch (error) {
    const problem = problemOf(error)
    // What is kept from before is still worth reading without a connection.
    const here = state().threads.get(state().tickets.get(id)?.conversation_id ?? '')?.loaded
    if (!here) screens.set({ missing: new Map(screens.screen.missing).set(id, problem) })
  }
}

async function earlier({ live: { load }, state }: Desk, id: string, conversation_id: string): Promise<void> {
  const tickets = state().threads.get(conversation_id)?.tickets ?? []
  const others = tickets.filter((one) => one !== id).slice(-EARLIER)
  const unknown = others.filter((one) => !state().tickets.has(one) || !state().feedback.has(one))
  await Promise.all(unknown.map((one) => load.row(one)))
}
