/** What the browser's tab tells while one looks elsewhere: how many are unclaimed, by number and by a red clapper. */

import { t } from '../base/texts.ts'
import { page } from './page.ts'

let face = ''

export function wearFace(unclaimed: number, customer: string | null, business: string): void {
  const count = unclaimed > 0 ? `(${unclaimed}) ` : ''
  const title = `${count}${customer ?? t('Chat Support')} · ${business}`
  if (document.title !== title) document.title = title
  const wanted = unclaimed > 0 ? page.icons?.ringing : page.icons?.still
  if (!wanted || wanted === face) return
  face = wanted
  document.querySelector<HTMLLinkElement>('link[rel="icon"]')?.setAttribute('href', wanted)
}
