/** Which rows of a long list stand in the document, and how much room the others take. */

/** Rows drawn beyond each edge, so that a quick wheel does not show paper. */
const SPARE_ROWS = 8

export interface Slice {
  readonly first: number
  /** One after the last. */
  readonly end: number
  readonly above: number
  readonly below: number
}

/** Heights and places in CSS pixels. */
export function sliceOf(total: number, rowHeight: number, scrolled: number, room: number): Slice {
  const first = Math.max(0, Math.min(total, Math.floor(scrolled / rowHeight) - SPARE_ROWS))
  const end = Math.min(total, Math.ceil((scrolled + room) / rowHeight) + SPARE_ROWS)
  return { first, end, above: first * rowHeight, below: Math.max(0, total - end) * rowHeight }
}

/** How far to scroll so that a row stands wholly in sight, or null when it does already. */
export function scrollTo(index: number, rowHeight: number, scrolled: number, room: number): number | null {
  const top = index * rowHeight
  if (top < scrolled) return top
  if (top + rowHeight > scrolled + room) return top + rowHeight - room
  return null
}
