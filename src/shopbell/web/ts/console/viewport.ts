/** Where the list of tickets is scrolled to: measured when it scrolls or changes size, never while drawing. */

/** As the style sheet has it, until the first row was measured. */
const ROW_REM = 5.25

export interface Viewport {
  readonly scrolled: number
  readonly room: number
  readonly rowHeight: number
}

let current: Viewport = {
  scrolled: 0,
  room: globalThis.innerHeight ?? 800,
  rowHeight: ROW_REM * rootPixels(),
}

export const viewport = (): Viewport => current

function rootPixels(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16
}

/** Calls back when other rows have come into sight. */
export function watchScroller(scroller: HTMLElement, moved: () => void): void {
  const measure = () => {
    const room = scroller.clientHeight
    const next = { scrolled: scroller.scrollTop, room, rowHeight: ROW_REM * rootPixels() }
    // A list that is not displayed has no room; what it showed before is the better guess.
    if (room === 0) return
    const jumped = Math.abs(next.scrolled - current.scrolled) >= next.rowHeight ||
      next.room !== current.room ||
      next.rowHeight !== current.rowHeight
    if (!jumped) return
    current = next
    moved()
  }
  scroller.addEventListener('scroll', measure, { passive: true })
  new ResizeObserver(measure).observe(scroller)
}

/** The list grew above what one looks at: it moves along, so that what one looks at stays. */
export function shiftBy(scroller: HTMLElement, pixels: number): void {
  if (pixels === 0) return
  current = { ...current, scrolled: Math.max(0, current.scrolled + pixels) }
  scroller.scrollTop += pixels
}
