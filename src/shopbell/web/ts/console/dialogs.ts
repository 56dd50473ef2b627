/** What is asked before something is decided; each is a dialog of the page, with its focus kept inside. */

import { html, nothing, type TemplateResult } from 'lit-html'
import { n, t } from '../base/texts.ts'
import { avatar } from '../ui/avatar.ts'
import { bones } from '../ui/bones.ts'
import { icon } from '../ui/icon.ts'
import type { Message, Problem } from '../live/types.ts'
import { colleagues, fullName } from './filterbar.ts'
import { keysDialog } from './keysdialog.ts'
import type { Dialog } from './screen.ts'
import { firstName, type View } from './view.ts'

export function dialog(view: View): TemplateResult | typeof nothing {
  const shown = view.screen.dialog
  if (!shown) return nothing
  return html`<dialog class="dialog" data-dialog=${shown.name} aria-labelledby="dialog-title">${
    content(view, shown)
  }</dialog>`
}

function content(view: View, shown: Dialog): TemplateResult {
  switch (shown.name) {
    case 'close':
      return closing(view, shown)
    case 'transfer':
      return transferring(view, shown)
    case 'take-over':
      return takingOver(view, shown)
    case 'sign-out':
      return signingOut(shown.unsent)
    case 'keys':
      return keysDialog(view)
  }
}

type Of<Name extends Dialog['name']> = Extract<Dialog, { name: Name }>

function closing(view: View, shown: Of<'close'>): TemplateResult {
  const ticket = view.state.tickets.get(shown.ticket)
  return html`<form class="stack" data-form="close">
    <h2 id="dialog-title">${t('Close Ticket')} #${ticket?.number}</h2>
    ${
    shown.meanwhile.length > 0 ? meanwhile(firstName(ticket?.customer.name ?? ''), shown.meanwhile) : nothing
  }
    <fieldset class="choices"><legend class="hidden">${t('Outcome')}</legend>
      ${outcome('resolved', shown.outcome, t('Resolved'), t('The customer has what they came for.'))}
      ${outcome('abandoned', shown.outcome, t('Abandoned'), t('It ended without an answer that helps.'))}
    </fieldset>
    ${wrong(shown.problem)}
    ${
    actions(
      html`<button class="button primary" ?disabled=${shown.outcome === null || shown.busy}>${
        shown.busy ? t('Closing…') : t('Close Ticket')
      }</button>`,
    )
  }
  </form>`
}

function outcome(value: string, chosen: string | null, title: string, words: string): TemplateResult {
  return html`<label class="choice"><input type="radio" name="outcome" value=${value} data-set="outcome"
    .checked=${chosen === value}><strong>${title}</strong><p>${words}</p></label>`
}

function meanwhile(name: string, messages: readonly Message[]): TemplateResult {
  return html`
    <div role="alert" class="stack">
      <p class="small">${n(
        '{name} wrote meanwhile. Read it, then decide again.',
        '{name} wrote meanwhile. Read it, then decide again.',
        messages.length,
        { name },
      )}</p>
      <div class="meanwhile" tabindex="0">${messages.map((one) =>
        html`<p class="speech" dir="auto">${one.text}</p>`
      )}</div>
    </div>
  `
}

function transferring(view: View, shown: Of<'transfer'>): TemplateResult {
  const ticket = view.state.tickets.get(shown.ticket)
  const others = colleagues(view).filter(({ id }) => id !== ticket?.holder?.id)
  return html`<form class="stack" data-form="transfer">
    <h2 id="dialog-title">${t('Transfer')} #${ticket?.number}</h2>
    <fieldset class="colleagues"><legend class="hidden">${t('To whom')}</legend>${
    view.state.staff.size === 0
      ? html`<div class="late">${bones(2)}</div>`
      : others.length === 0
      ? html`<p class="small muted">${t('Nobody else here can take it yet.')}</p>`
      : others.map((one) =>
        html`<label><input type="radio" name="to" value=${one.id} data-set="to" .checked=${
          shown.to === one.id
        }>${avatar({ name: fullName(one), seed: one.id, size: 's' })}<bdi class="clip">${fullName(one)}${
          one.id === view.state.me.staff.id ? ` (${t('you')})` : ''
        }</bdi></label>`
      )
  }</fieldset>
    <div class="field"><label for="transfer-note">${
    t('Note for the team, optional')
  }</label><textarea class="input" id="transfer-note"
      name="note" dir="auto" rows="3" maxlength="8000"></textarea></div>
    ${wrong(shown.problem)}
    ${
    actions(
      html`<button class="button primary" ?disabled=${shown.to === null || shown.busy}>${
        shown.busy ? t('Transferring…') : t('Transfer')
      }</button>`,
    )
  }
  </form>`
}

function takingOver(view: View, shown: Of<'take-over'>): TemplateResult {
  const ticket = view.state.tickets.get(shown.ticket)
  const name = ticket?.holder?.name ?? ''
  return html`<form class="stack" data-form="take-over">
    <h2 id="dialog-title">${t('Take over')} #${ticket?.number}</h2>
    <p class="own-lines">${
    t('{name} has this ticket and may be writing an answer. It becomes yours, and they see that.', { name })
  }</p>
    ${wrong(shown.problem)}
    ${actions(html`<button class="button primary" ?disabled=${shown.busy}>${t('Take over')}</button>`)}
  </form>`
}

function signingOut(unsent: number): TemplateResult {
  return html`<form class="stack" data-form="sign-out">
    <h2 id="dialog-title">${t('Sign out')}</h2>
    <p>${
    n(
      '{count} message is not sent yet. Signing out throws it away.',
      '{count} messages are not sent yet. Signing out throws them away.',
      unsent,
    )
  }</p>
    ${actions(html`<button class="button danger">${t('Sign out and throw away')}</button>`, t('Stay'))}
  </form>`
}

function wrong(problem: Problem | undefined): TemplateResult | typeof nothing {
  if (!problem) return nothing
  return html`<p class="row small wrong" role="alert">${icon('alert', 's')}<span>${
    problem.status === 0 ? t('That needs a connection. Try again when it is back.') : problem.detail
  }</span></p>`
}

/** The safe way on the near side, the act on the far side. */
export function actions(act: TemplateResult, safe = t('Cancel')): TemplateResult {
  return html`
    <div
      class="actions"><button type="button" class="button quiet" data-do="close-dialog">${safe}</button>${act}</div>
  `
}
