/** The console begins here: what is kept stands at once, then the stream, the keys and the bell. */

import { closeMenusByThemselves } from '../base/dom.ts'
import { openLive } from '../live/opening.ts'
import type { Connection } from '../live/types.ts'
import { showToast } from '../ui/toast.ts'
import type { Actions } from './actions.ts'
import { createBell } from './bell.ts'
import { deciding } from './deciding.ts'
import type { Desk } from './desk.ts'
import { createDrawing, type Drawing } from './drawing.ts'
import { draftOf } from './drafts.ts'
import { listenToKeys } from './keyboard.ts'
import { listing } from './listing.ts'
import { createLists } from './lists.ts'
import { isSeen } from './mainview.ts'
import { navigating } from './navigating.ts'
import { createListed } from './ordered.ts'
import { page } from './page.ts'
import { createOnScreen } from './onscreen.ts'
import { listenToPointer } from './pointer.ts'
import { problemOf } from './problems.ts'
import { powersOver } from './rights.ts'
import { ticketAt } from './route.ts'
import { createScreen } from './screen.ts'
import { setting } from './setting.ts'
import { wearFace } from './tabface.ts'
import { tapFor } from './tapping.ts'
import { ticketVerbs, wordsOf } from './tickets.ts'
import { HICCUP_MS } from './topbar.ts'
import { ticketOf, type View } from './view.ts'
import { writing } from './writing.ts'

/** How often "6 min" is looked at. */
const MINUTE_HAND_MS = 15_000

/** The view of those who wait, of whom the longest is told. */
const WAITING = 'waiting'

async function begin(root: HTMLElement): Promise<void> {
  const live = await openLive('staff', { base: page.base, actor: page.actor })
  if (!live) return toSignIn()
  const { store } = live
  let drawing: Drawing | null = null
  const redraw = () => {
    drawing?.soon()
    onScreen.look()
  }
  const screens = createScreen(redraw)
  const onScreen = createOnScreen(() => isSeen(screens) ? screens.screen.ticket : null)
  const bell = createBell(() => screens.screen.settings.volume)
  const lists = createLists(createListed())

  const view = (): View => {
    const { state } = store
    const { screen } = screens
    const rights = new Set(state.me.rights)
    const ticket = ticketOf({ state, screen })
    return {
      state,
      screen,
      shown: lists.shown(state, screen.filter, screen.found),
      draft: draftOf(live.drafts, ticket?.conversation_id),
      may: (right) => rights.has(right),
    }
  }
  let leaving = false
  const desk: Desk = {
    live,
    screens,
    bell,
    state: () => store.state,
    view,
    async leave() {
      // The page is left once, when nothing is left behind, and not at the first word of the session's end.
      leaving = true
      try {
        await live.signOut()
      } catch (error) {
        leaving = false
        showToast({ text: wordsOf(problemOf(error)), icon: 'alert' })
        return
      }
      toSignIn()
    },
    redraw,
    draw: () => drawing?.now(),
    afterDrawing: (then) => drawing?.after(then),
    holdList(still) {
      lists.hold(still)
      redraw()
    },
    renewList() {
      lists.renew()
      redraw()
    },
  }
  const decisions = deciding(desk)
  const navigation = navigating(desk)
  const act: Actions = {
    ...ticketVerbs(desk),
    ...decisions,
    ...navigation,
    ...listing(desk),
    ...writing(desk),
    ...setting(desk, decisions.ask, navigation.read),
  }
  drawing = createDrawing(root, view, act)
  const tap = tapFor(desk, onScreen)
  const knowWho = () => live.load.beside(WAITING, { state: 'waiting', sort: 'waiting' }).catch(() => {})

  const changed = () => {
    const { state } = store
    if (state.connection.status === 'signed-out') return leaving ? undefined : toSignIn()
    watchLine(state.connection)
    if (state.cursor !== null || state.counts.as_of >= 0) screens.set({ opening: false })
    if (state.counts.waiting > 0 && !state.views.has(WAITING)) knowWho()
    bell.unclaimed(state.counts.unclaimed)
    tap()
    act.sawThread()
    drawing?.now()
    face()
  }
  const watchLine = ({ status, since }: Connection) => {
    const { lostSince } = screens.screen
    if (status === 'live') screens.set({ lostSince: null })
    if (status !== 'offline' || lostSince !== null) return
    screens.set({ lostSince: since })
    setTimeout(() => screens.set({ now: Date.now() }), HICCUP_MS + 50)
  }
  const face = () => {
    const { state, screen } = view()
    const here = state.me.businesses.find(({ id }) => id === state.me.staff.business_id)
    wearFace(state.counts.unclaimed, ticketOf({ state, screen })?.customer.name ?? null, here?.name ?? '')
  }
  store.subscribe(changed)
  live.drafts.subscribe(redraw)
  listenToPointer(root, act)
  listenToKeys(root, act, () => {
    const now = view()
    const ticket = ticketOf(now)
    return { screen: now.screen, powers: ticket ? powersOver(now, ticket) : null }
  })
  closeMenusByThemselves()
  setInterval(() => screens.set({ now: Date.now() }), MINUTE_HAND_MS)

  const named = ticketAt(location.pathname)
  if (named !== null) act.read(named)
  drawing.after(() => document.documentElement.dataset.ready = 'console')
  changed()
}

function toSignIn(): void {
  location.assign(
    `${page.base}/sign-in?next=${encodeURIComponent(location.pathname.slice(page.base.length))}`,
  )
}

void begin(document.getElementById('app')!)
