/** Asking the server where a refusal is an answer like any other. */
import { type Answer, type Api, type Given, type Operation, Refusal } from '../../live/api.ts'
import type { Problem } from '../../live/types.ts'

export type Outcome<T> = { readonly ok: true; readonly value: T } | {
  readonly ok: false
  readonly problem: Problem
}
export type Ask = <K extends Operation>(operation: K, given: Given<K>) => Promise<Outcome<Answer<K>>>

/** The API with its refusals as values; anything else that goes wrong is a mistake of ours and is thrown. */
export function asking(api: Api): Ask {
  return async (operation, given) => {
    try {
      return { ok: true, value: await api(operation, given) }
    } catch (error) {
      if (error instanceof Refusal) return { ok: false, problem: error.problem }
      throw error
    }
  }
}
