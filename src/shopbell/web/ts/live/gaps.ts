/** The lines of a list that stand in the document, and the empty rooms that stand for the others. */

/** The empty rooms at both ends and the lines between them, walked through once: asking by number is slow. */
export function linesIn(scroller: HTMLElement, count: number): [HTMLElement, HTMLElement, HTMLElement[]] {
  const above = scroller.firstElementChild as HTMLElement
  const elements: HTMLElement[] = []
  let next = above.nextElementSibling as HTMLElement
  while (elements.length < count) {
    elements.push(next)
    next = next.nextElementSibling as HTMLElement
  }
  return [above, next, elements]
}

export function setLength(gap: HTMLElement, length: number): void {
  // A gap of nothing takes no room in the list either.
  gap.hidden = length <= 0
  gap.style.setProperty('block-size', `${Math.max(0, length)}px`)
}
