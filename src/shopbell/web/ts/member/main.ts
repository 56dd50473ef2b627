/** The member app: puts the screen, the acts and the live session together, and draws. */
import { render } from 'lit-html'
import { closeMenusByThemselves, pageData } from '../base/dom.ts'
import { createApi } from '../live/api.ts'
import { asking } from './acts/asking.ts'
import { directoryActs } from './acts/directory.ts'
import { doorActs } from './acts/door.ts'
import { sessionActs } from './acts/session.ts'
import { shopActs } from './acts/shops.ts'
import { createStage } from './acts/stage.ts'
import { talkActs } from './acts/talk.ts'
import { followFocus, followLinks, here, replace, rootOf, visit } from './router.ts'
import { isDoor, isPublic, pathTo, type Route, routeAt } from './routes.ts'
import { type Acts, EMPTY_DOOR, fresh, type Screen } from './screen.ts'
import { showBadge, title } from './title.ts'
import { frame } from './views/frame.ts'

const MINUTE_MS = 60_000

const { base } = pageData<{ base: string }>()
const root = rootOf(base)
const place = document.getElementById('app') ?? document.body.appendChild(document.createElement('div'))
const focus = followFocus(place)
let badge: number | null = null

const stage = createStage(fresh(root, here(root)), draw)
const anybody = createApi('person', base)
const ask = asking((...given) => (session.api() ?? anybody)(...given))
const directory = directoryActs(stage, ask)
const shops = shopActs(stage, ask, go)
const session = sessionActs(stage, base, { changed: shops.heard, entered, nobody, left })
const acts: Acts = {
  ...directory,
  ...shops,
  ...session,
  ...doorActs(stage, ask, session.begin),
  ...talkActs(stage, ask, session),
  searchChats: (chatsQuery) => stage.set({ chatsQuery }),
  again() {
    if (stage.screen.who.status === 'unreachable') session.begin()
    session.again()
    arrive(stage.screen.route)
  },
}

closeMenusByThemselves()
followLinks(root, (route) => show(route))
setInterval(() => stage.set({}), MINUTE_MS)
arrive(stage.screen.route)
session.begin()
navigator.serviceWorker?.register(`${root}/worker.js`, { scope: root }).catch(() => undefined)

function draw(screen: Screen): void {
  render(frame({ screen, acts, draft: session.draft, now: new Date() }), place)
  document.title = title(screen)
  badge = showBadge(screen, badge)
  focus.drawn()
}

function go(route: Route): void {
  visit(route, root)
  show(route)
}

/** Another page, after the address bar says so. */
function show(route: Route): void {
  focus.moved(stage.screen.route, route)
  stage.set({ route, door: { ...EMPTY_DOOR, blanks: { ...stage.screen.door.blanks, password: '' } } })
  arrive(route)
}

/** Fetch what the page needs, or lead on to where one may be. */
function arrive(route: Route): void {
  const { status } = stage.screen.who
  if (status === 'nobody' && !isPublic(route)) return lead({ name: 'sign-in', to: pathTo(route, root) })
  if (status === 'somebody' && isDoor(route)) return lead(wanted(route))
  if (route.name === 'find') directory.open(route.q)
  if (route.name === 'business') shops.open(route.key)
  session.moved()
}

/** Lead on, so that going back does not come here again. */
function lead(route: Route): void {
  replace(route, root)
  show(route)
}

function wanted(route: Extract<Route, { to: string | null }>): Route {
  return route.to === null ? { name: 'chats' } : routeAt(new URL(route.to, location.href), root)
}

/** Who is here is known now: somebody with a session, or nobody. */
function entered(): void {
  arrive(stage.screen.route)
  shops.resume()
}

function nobody(): void {
  arrive(stage.screen.route)
}

function left(): void {
  if (!isPublic(stage.screen.route)) lead({ name: 'sign-in', to: null })
}
