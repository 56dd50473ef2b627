/** Told where the browser keeps nothing of what is written: what is not sent lives in this page alone. */

import type { TemplateResult } from 'lit-html'
import { t } from '../base/texts.ts'
import { banner } from './empty.ts'

export const UNKEPT = (): string =>
  t('This browser no longer keeps what you write. Leave this page open until everything is sent, then load it again.')

export function unkept(): TemplateResult {
  return banner({ text: UNKEPT() })
}
