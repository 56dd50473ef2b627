/** Drawing the console at most once a frame, and what has to be set right once it stands. */

import { render } from 'lit-html'
import type { Actions } from './actions.ts'
import { wholeConsole } from './console.ts'
import { isSeen } from './mainview.ts'
import type { View } from './view.ts'
import { shiftBy, viewport, watchScroller } from './viewport.ts'

/** Rows from the end at which the next page is fetched. */
const NEAR_THE_END = 30

export interface Drawing {
  /** Before the browser draws next. */
  soon(): void
  /** On return: for what somebody looks for at once, and for what comes once a frame already. */
  now(): void
  /** Once, after the next drawing. */
  after(then: () => void): void
}

export function createDrawing(root: HTMLElement, view: () => View, act: Actions): Drawing {
  let waiting = false
  let drawn: readonly unknown[] = []
  let watched: HTMLElement | null = null
  let order: readonly string[] = []
  let once: (() => void)[] = []

  const draw = () => {
    waiting = false
    const now = view()
    const before = drawn
    drawn = partsOf(now)
    if (drawn.some((part, place) => part !== before[place])) drawAll(now)
    const callbacks = once
    once = []
    for (const then of callbacks) then()
  }

  const drawAll = (now: View) => {
    keepPlace(now)
    render(wholeConsole(now, act), root)
    makeRoom(root)
    const scroller = root.querySelector<HTMLElement>('[data-scroller]')
    if (scroller && scroller !== watched) {
      watched = scroller
      watchScroller(scroller, soon)
    }
    openDialog(root)
    openMenu(root)
    const last = viewport().scrolled + viewport().room + NEAR_THE_END * viewport().rowHeight
    if (now.shown.more && last > now.shown.rows.length * viewport().rowHeight) act.more()
  }

  /** Rows that came in above what one looks at push it down; the list goes along. */
  const keepPlace = ({ shown }: View) => {
    const { scrolled, rowHeight } = viewport()
    const top = Math.floor(scrolled / rowHeight)
    const first = order[top]
    order = shown.rows.map(({ id }) => id)
    if (top === 0 || first === undefined || !watched || order[top] === first) return
    const now = order.indexOf(first)
    if (now >= 0) shiftBy(watched, (now - top) * rowHeight)
  }

  const soon = () => {
    if (waiting) return
    waiting = true
    if (document.visibilityState === 'hidden') setTimeout(draw)
    else requestAnimationFrame(draw)
  }
  return { soon, now: draw, after: (then) => void once.push(then) }
}

/** All that a drawing follows from: the same parts are the same picture. */
function partsOf(view: View): readonly unknown[] {
  const { state, screen, draft, shown } = view
  return [
    state,
    screen,
    draft.message,
    draft.note,
    shown.rows,
    shown.more,
    shown.newer,
    viewport(),
    isSeen(view),
  ]
}

/** Set from here, because a style in the markup is nothing the page's policy lets in. */
function makeRoom(root: HTMLElement): void {
  const list = root.querySelector<HTMLElement>('.tickets')
  if (!list) return
  list.style.setProperty('padding-block', `${list.dataset.above}px ${list.dataset.below}px`)
}

function openDialog(root: HTMLElement): void {
  const dialog = root.querySelector('dialog')
  if (dialog && !dialog.open) dialog.showModal()
}

/** A menu that was just opened has the focus on its first item; one of choices on what is chosen. */
function openMenu(root: HTMLElement): void {
  const menu = root.querySelector<HTMLElement>('[role="menu"]:not([data-opened])')
  if (!menu) return
  menu.dataset.opened = ''
  const items = [...menu.querySelectorAll<HTMLElement>('[role^="menuitem"]')].filter((item) =>
    item.checkVisibility()
  )
  const hasChoicesOnly = items.every((item) => item.role === 'menuitemradio')
  const chosen = hasChoicesOnly ? items.find((item) => item.ariaChecked === 'true') : undefined
  const target = chosen ?? items[0]
  target?.focus()
}
