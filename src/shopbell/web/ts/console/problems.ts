/** What went wrong, whatever it was that went wrong. */

import { NO_ANSWER, Refusal } from '../live/api.ts'
import type { Problem } from '../live/types.ts'

export type { Problem }

/** Anything but a refusal is a mistake of ours and goes on up. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Refusal) return error.problem
  if (error instanceof DOMException) return NO_ANSWER
  throw error
}
