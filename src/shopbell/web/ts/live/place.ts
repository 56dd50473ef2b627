/** Where one reads in a list, so that it is found again after anything has changed above it. */

export interface Place {
  /** `data-key` of the first thing in sight. */
  readonly key: string
  /** How far below the upper edge it begins, in CSS pixels. */
  readonly offset: number
  /** The line it stood in, and how far below the upper edge that began. */
  readonly line: number
  readonly lineOffset: number
}

/** The place in `elements`, of which the first is that line; null when none of them is in sight. */
export function placeIn(
  scroller: HTMLElement,
  elements: readonly HTMLElement[],
  first: number,
): Place | null {
  const { top: edge, bottom: end } = scroller.getBoundingClientRect()
  for (const [at, element] of elements.entries()) {
    const line = element.getBoundingClientRect()
    if (line.bottom <= edge) continue
    for (const part of element.matches('[data-key]') ? [element] : element.querySelectorAll('[data-key]')) {
      const { top, bottom } = part.getBoundingClientRect()
      if (bottom <= edge) continue
      if (top >= end) return null
      const key = (part as HTMLElement).dataset.key!
      return { key, offset: top - edge, line: first + at, lineOffset: line.top - edge }
    }
  }
  return null
}

/** Scroll so that the place is where it was, if it is still there. */
export function bring(scroller: HTMLElement, { key, offset }: Place): void {
  const found = scroller.querySelector(`[data-key="${CSS.escape(key)}"]`)
  if (!found) return
  const moved = found.getBoundingClientRect().top - scroller.getBoundingClientRect().top - offset
  if (Math.abs(moved) >= 1) scroller.scrollTop += moved
}
