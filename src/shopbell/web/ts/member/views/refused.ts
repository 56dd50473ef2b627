/** What was refused, in words: beside its field, or over the form. */
import { nothing, type TemplateResult } from 'lit-html'
import { t } from '../../base/texts.ts'
import type { Problem } from '../../live/types.ts'
import { banner } from '../../ui/empty.ts'

/** What a problem says about one field; empty if nothing. */
export function oneField(problem: Problem | null, name: string): string {
  return problem?.errors?.find((error) => error.field === name)?.detail ?? ''
}

/** What a problem says that is not said beside one of these fields. */
export function overall(problem: Problem | null, fields: readonly string[]): TemplateResult | typeof nothing {
  if (!problem || problem.errors?.some((error) => fields.includes(error.field))) return nothing
  return banner({ kind: 'bad', text: inWords(problem) })
}

/** A problem in words for the one who met it. */
export function inWords(problem: Problem): string {
  if (problem.status === 0) {
    return t('There is no connection. Nothing was changed; try again when you are back.')
  }
  return problem.detail
}
