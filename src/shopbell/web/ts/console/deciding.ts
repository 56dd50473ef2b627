/** The dialogs: opening one, choosing in it, and doing what was decided. */

import { announce } from '../base/dom.ts'
import { t } from '../base/texts.ts'
import type { Ticket } from '../live/types.ts'
import type { Actions } from './actions.ts'
import type { Desk } from './desk.ts'
import { problemOf } from './problems.ts'
import type { Dialog } from './screen.ts'
import { threadOf, ticketOf } from './view.ts'

type Deciding = Pick<Actions, 'ask' | 'closeDialog' | 'changeDialog' | 'decide'>

export function deciding(desk: Desk): Deciding {
  const { screens } = desk
  return {
    ask(name) {
      const ticket = ticketOf(desk.view())
      screens.set({ menu: null, dialog: begun(desk, name, ticket) })
    },
    closeDialog: () => drop(desk),
    changeDialog(changes) {
      const { dialog } = screens.screen
      if (dialog) screens.set({ dialog: { ...dialog, ...changes } as Dialog })
    },
    decide: (note) => void decide(desk, note.trim()),
  }
}

function begun(desk: Desk, name: Dialog['name'], ticket: Ticket | undefined): Dialog | null {
  if (name === 'keys') return { name }
  if (name === 'sign-out') return { name, unsent: desk.live.unsent }
  if (!ticket) return null
  if (name === 'close') return { name, ticket: ticket.id, outcome: null, meanwhile: [], seen: seenSeq(desk) }
  if (name === 'transfer') {
    const over = ticket.holder !== null && ticket.holder.id !== desk.state().me.staff.id
    return { name, ticket: ticket.id, to: null, over }
  }
  return { name, ticket: ticket.id }
}

/** Closed before it is gone, so that the browser puts the focus back where it was. */
function drop({ screens }: Desk): void {
  document.querySelector('dialog')?.close()
  screens.set({ dialog: null })
}

/** The number of the last message that stands on the screen. */
function seenSeq(desk: Desk): number {
  return threadOf(desk.view())?.messages.at(-1)?.seq ?? 0
}

async function decide(desk: Desk, note: string): Promise<void> {
  const { screens } = desk
  const { dialog } = screens.screen
  if (!dialog || dialog.name === 'keys') return drop(desk)
  if (dialog.name === 'sign-out') return desk.leave()
  if (dialog.busy) return
  screens.set({ dialog: { ...dialog, busy: true } })
  try {
    const done = await carryOut(desk, dialog, note)
    if (asked(desk, dialog)) drop(desk)
    announce(done)
  } catch (error) {
    refused(desk, dialog, error)
  }
}

/** The dialog whose answer has come, if it is still open; one may have left it meanwhile, and opened another. */
function asked({ screens }: Desk, { name, ticket }: Act): boolean {
  const { dialog } = screens.screen
  return dialog?.name === name && dialog.ticket === ticket && dialog.busy === true
}

type Act = Exclude<Dialog, { name: 'keys' | 'sign-out' }>

async function carryOut({ live: { api: ask } }: Desk, dialog: Act, note: string): Promise<string> {
  const path = { ticket_id: dialog.ticket }
  switch (dialog.name) {
    case 'close':
      await ask('PUT /tickets/{ticket_id}/closure', {
        path,
        body: { outcome: dialog.outcome!, seen_seq: dialog.seen },
      })
      return dialog.outcome === 'resolved' ? t('Closed as Resolved') : t('Closed as Abandoned')
    case 'transfer':
      await ask('PUT /tickets/{ticket_id}/holder', {
        path,
        body: { staff_id: dialog.to!, ...(note ? { note } : {}), ...overOthers(dialog.over) },
      })
      return t('Transferred')
    case 'take-over':
      await ask('PUT /tickets/{ticket_id}/holder', { path, body: { staff_id: 'me', take_over: true } })
      return t('This ticket is yours')
  }
}

/** A manager may pass on what another holds, and has to say so. */
function overOthers(over: boolean): { take_over?: true } {
  return over ? { take_over: true } : {}
}

function refused(desk: Desk, dialog: Act, error: unknown): void {
  const { screens } = desk
  const problem = problemOf(error)
  if (!asked(desk, dialog)) return
  if (dialog.name === 'close' && problem.messages) {
    // What one had decided no longer counts: it was decided without these.
    const seen = Math.max(dialog.seen, ...problem.messages.map(({ seq }) => seq))
    screens.set({ dialog: { ...dialog, outcome: null, meanwhile: problem.messages, seen, busy: false } })
  } else screens.set({ dialog: { ...dialog, problem, busy: false } })
}
