/** Moving between pages without loading them: links, the back button, and where the focus goes. */
import { pathTo, type Route, routeAt, samePage } from './routes.ts'

/** The root of the app as this page was served, such as `/app`; a path before it belongs to a proxy. */
export function rootOf(base: string): string {
  return base.replace(/\/$/, '') + '/app'
}

/** Follow links within the app, and the back button; `moved` hears of each new route. */
export function followLinks(root: string, moved: (route: Route) => void): void {
  addEventListener('popstate', () => moved(here(root)))
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const link = (event.target as Element).closest('a')
    if (!link || link.target || link.origin !== location.origin || link.hasAttribute('download')) return
    const route = routeAt(new URL(link.href), root)
    if (route.name === 'lost') return
    event.preventDefault()
    visit(route, root)
    moved(route)
  })
}

export function here(root: string): Route {
  return routeAt(new URL(location.href), root)
}

/** Put the route into the address bar: a new entry for a new page, the same entry for the same page. */
export function visit(route: Route, root: string): void {
  const path = pathTo(route, root)
  if (samePage(here(root), route)) history.replaceState(null, '', path)
  else history.pushState(null, '', path)
}

/** The same without a way back, for where one is sent on. */
export function replace(route: Route, root: string): void {
  history.replaceState(null, '', pathTo(route, root))
}

/** Gives focus to what a new page is about, once it is drawn. */
export interface Focus {
  /** Another page is coming. `from` is the one that is left. */
  moved(from: Route, to: Route): void
  /** A frame was drawn. */
  drawn(): void
}

/** Focus follows the pages until the person does something, since a heading may come later than its page. */
export function followFocus(root: HTMLElement): Focus {
  let wanted: (() => HTMLElement | null) | null = null
  let given: HTMLElement | null = null
  const settle = () => {
    wanted = null
  }
  addEventListener('keydown', settle, { capture: true })
  addEventListener('pointerdown', settle, { capture: true })
  return {
    moved(from, to) {
      if (samePage(from, to)) return
      given = null
      wanted = () => target(root, from, to)
    },
    drawn() {
      if (!wanted || (given?.isConnected && document.activeElement === given)) return
      const found = wanted()
      if (!found) return
      found.focus({ preventScroll: true })
      given = found
    },
  }
}

function target(root: HTMLElement, from: Route, to: Route): HTMLElement | null {
  if (to.name === 'chats' && from.name === 'chat') {
    const row = root.querySelector<HTMLElement>(`[data-chat="${CSS.escape(from.id)}"]`)
    if (row) return row
  }
  // On a phone the keyboard would cover the chat one has just opened to read.
  if (to.name === 'chat' && matchMedia('(pointer: fine)').matches) {
    const writer = root.querySelector<HTMLElement>('.writer textarea')
    if (writer) return writer
  }
  return root.querySelector<HTMLElement>('h1[tabindex]')
}
