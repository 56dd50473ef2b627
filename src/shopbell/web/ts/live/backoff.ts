/** How long to wait before coming back: a random time within bounds that double with each try in vain. */

const FIRST_MILLISECONDS = 1_000
const LONGEST_MILLISECONDS = 30_000

/** Milliseconds before the next try; `vain` tries have failed in a row, `random` is in [0, 1). */
export function pause(vain: number, random: number): number {
  const bound = Math.min(LONGEST_MILLISECONDS, FIRST_MILLISECONDS * 2 ** Math.min(vain, 10))
  return Math.round(bound * random)
}
