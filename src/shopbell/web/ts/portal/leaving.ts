/** Signing out of the portal leaves nothing of the console behind in this browser, and asks before anything is lost. */

import { html } from 'lit-html'
import { n, t } from '../base/texts.ts'
import { openDatabase } from '../live/db.ts'
import { nameOf, remember, remembered } from '../live/identity.ts'
import { openTabs } from '../live/tabs.ts'
import { ask } from '../ui/dialog.ts'

/** Another tab may hold on to what is to go; the browser drops it once that tab lets go. */
const PATIENCE_MILLISECONDS = 2_000

/** Let every form that signs out clear away first what Chat Support keeps here. */
export function leaveNothingBehind(base: string): void {
  for (const form of document.querySelectorAll<HTMLFormElement>(`form[action="${base}/sign-out"]`)) {
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      // What can't be cleared away is no reason to stay signed in.
      cleared(base).then((away) => away, () => true).then((away) => {
        if (!away) return
        document.documentElement.dataset.leaving = 'true'
        form.submit()
      })
    })
  }
}

/** Whether one may go: nothing is unsent, or it may be thrown away. */
async function cleared(base: string): Promise<boolean> {
  const login = remembered('staff', base)
  if (login === null) return true
  const name = nameOf('staff', base, login)
  const database = await openDatabase(name)
  const unsent = (await database.outbox()).length
  if (unsent > 0 && !await mayThrowAway(unsent)) {
    database.close()
    return false
  }
  const tabs = openTabs(name, () => {})
  tabs.tell('signed-out')
  tabs.close()
  remember('staff', base, null)
  await Promise.race([database.destroy(), new Promise((done) => setTimeout(done, PATIENCE_MILLISECONDS))])
  // What was begun in Chat Support and never sent off, by the name it is kept under there.
  indexedDB.deleteDatabase(`shopbell-drafts${base} ${login}`)
  return true
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
