/** When the bell is heard: on an arrival, and again and again while somebody is unclaimed. */

export const AGAIN_MS = 20_000
/** After so many rings in a row the bell grows quieter: by then one has either heard it or gone. */
const LOUD_RINGS = 3
const QUIETER = 0.4

export interface Ringing {
  readonly unclaimed: number
  readonly rings: number
  /** Milliseconds, as `performance.now()` counts them. */
  readonly lastAt: number
}

export const SILENT: Ringing = { unclaimed: 0, rings: 0, lastAt: 0 }

/** What follows from so many unclaimed tickets at this moment; `loudness` 0 means that nothing is to be heard. */
export function ringing(
  before: Ringing,
  unclaimed: number,
  now: number,
): { next: Ringing; loudness: number } {
  if (unclaimed === 0) return { next: SILENT, loudness: 0 }
  const arrived = unclaimed > before.unclaimed
  if (!arrived && now - before.lastAt < AGAIN_MS) return { next: { ...before, unclaimed }, loudness: 0 }
  const rings = arrived ? 1 : before.rings + 1
  return { next: { unclaimed, rings, lastAt: now }, loudness: rings > LOUD_RINGS ? QUIETER : 1 }
}
