/** Cursors: opaque but for the number behind the last hyphen, which orders events of one business and epoch. */

/** The number of the newest event a cursor stands after; 0 for none. */
export function seqOf(cursor: string | null | undefined): number {
  if (!cursor) return 0
  const seq = Number(cursor.slice(cursor.lastIndexOf('-') + 1))
  return Number.isSafeInteger(seq) ? seq : 0
}
