/** What a script adds to the portal: the count that moves by itself, one tab for Chat Support, menus that close. */

import { closeMenusByThemselves, pageData } from '../base/dom.ts'
import { createApi } from '../live/api.ts'
import { connect } from '../live/protocol.ts'
import { showWaiting } from './bubbles.ts'
import { leaveNothingBehind } from './leaving.ts'
import { reuseConsoleTab } from './support.ts'
import { after, type Waiting } from './waiting.ts'
import { guessTimeZone } from './zone.ts'

interface PortalPage {
  base: string
  console?: string
  login_id?: string
  business_id?: string
  cursor?: string
  waiting?: number
}

const page = pageData<PortalPage | null>()

closeMenusByThemselves()
guessTimeZone()
if (page?.console) reuseConsoleTab(page.console)
if (page?.login_id) leaveNothingBehind(page.base, page.login_id)
if (page?.business_id && page.cursor) {
  follow(page.base, {
    business_id: page.business_id,
    cursor: page.cursor,
    count: page.waiting ?? 0,
    state: 'known',
  })
}
document.documentElement.dataset.ready = 'portal'

function follow(base: string, start: Waiting): void {
  const api = createApi('staff', base)
  let waiting = start

  const take = (next: Waiting) => {
    const before = waiting.count
    waiting = next
    if (next.count !== before) showWaiting(next.count, before)
  }

  const ask = async () => {
    const desk = await api('GET /desk', {})
    take({ ...waiting, count: desk.waiting, cursor: desk.cursor, state: 'known' })
  }

  const address = `${location.origin.replace(/^http/, 'ws')}${base}/api/v1/live`
  connect('staff', address, {
    hello: () => ({ cursor: waiting.cursor }),
    heard(frames) {
      for (const frame of frames) take(after(waiting, frame))
      if (waiting.state === 'elsewhere') leave()
      // The next connection asks again where this one could not.
      else if (waiting.state === 'asked') ask().catch(() => {})
    },
    connection({ status }) {
      document.documentElement.dataset.connection = status
      if (status === 'signed-out') leave()
    },
    signedIn: () => api('GET /me', {}).then(() => true, (refusal) => refusal.problem?.status !== 401),
  })
}

/** Another business, or nobody, is at work in this browser now: load what is theirs, unless something is half typed. */
function leave(): void {
  // Who signs out is on the way to another page already.
  if (document.documentElement.dataset.leaving) return
  if (document.querySelector('main form') === null) location.reload()
}
