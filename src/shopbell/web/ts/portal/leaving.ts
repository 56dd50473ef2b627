/** Signing out of the portal leaves nothing of the console behind in this browser, and asks before anything is lost. */

import { html } from 'lit-html'
import { n, t } from '../base/texts.ts'
import { nameOf, remember, remembered } from '../live/identity.ts'
import { openDatabase } from '../live/indexed.ts'
import { openTabs } from '../live/tabs.ts'
import { ask } from '../ui/dialog.ts'

/** Let every form that signs `login` out clear away what Chat Support keeps of it here, once the session has ended. */
export function leaveNothingBehind(base: string, login: string): void {
  for (const form of document.querySelectorAll<HTMLFormElement>(`form[action="${base}/sign-out"]`)) {
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      void leave(form, base, login)
    })
  }
}

async function leave(form: HTMLFormElement, base: string, login: string): Promise<void> {
  // What can't be looked into, or cleared away, is no reason to stay signed in.
  if (!await mayGo(nameOf('staff', base, login)).catch(() => true)) return
  document.documentElement.dataset.leaving = 'true'
  if (!await ended(form)) return form.submit()
  await forget(base, login).catch(() => {})
  location.assign(`${base}/sign-in`)
}

/** Whether the session has ended; if not, sending the form itself shows why. */
async function ended(form: HTMLFormElement): Promise<boolean> {
  const body = new URLSearchParams([...new FormData(form)] as [string, string][])
  try {
    const answer = await fetch(form.action, { method: 'POST', body, redirect: 'manual' })
    return answer.type === 'opaqueredirect'
  } catch {
    return false
  }
}

async function forget(base: string, login: string): Promise<void> {
  const name = nameOf('staff', base, login)
  const tabs = openTabs(name, () => {})
  tabs.tell('signed-out')
  tabs.close()
  // Another one's messages and drafts wait here until it is back.
  if (remembered('staff', base) === login) remember('staff', base, null)
  const database = await openDatabase(name)
  await database.destroy()
}

/** Whether nothing is unsent, or it may be thrown away. */
async function mayGo(name: string): Promise<boolean> {
  const database = await openDatabase(name)
  const unsent = (await database.outbox().finally(() => database.close())).length
  return unsent === 0 || await mayThrowAway(unsent)
}

async function mayThrowAway(unsent: number): Promise<boolean> {
  const answered = await ask<boolean>((answer) => ({
    title: t('Sign out'),
    line: n(
      '{count} message is not sent yet. Signing out throws it away.',
      '{count} messages are not sent yet. Signing out throws them away.',
      unsent,
    ),
    actions: html`
      <button type="button" class="button quiet" @click=${() => answer(false)}>${t('Stay')}</button>
      <button type="button" class="button danger" @click=${() => answer(true)}>${t(
        'Sign out and throw away',
      )}</button>
    `,
  }))
  return answered === true
}
