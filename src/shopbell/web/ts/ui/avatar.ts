// Whoever it is, as two letters on one of eight colours that stay theirs.

import { html, type TemplateResult } from 'lit-html'
import { t } from '../base/texts.ts'

export interface AvatarOptions {
  name: string
  /** What the colour follows from, better an id than a name that may change. */
  seed?: string
  size?: '' | 'xs' | 's' | 'l' | 'xl'
  /** A business rather than a person. */
  square?: boolean
  online?: boolean
}

const LETTER = /[\p{L}\p{N}]/u
const COLOURS = 8

/** Decoration beside a name, which has to stand in words next to it; only "online" is said. */
export function avatar(
  { name, seed = '', size = '', square = false, online = false }: AvatarOptions,
): TemplateResult {
  const colour = `h${colourOf(seed || name)}`
  const classes = ['avatar', colour, size, square ? 'square' : '', online ? 'on' : ''].filter(Boolean).join(
    ' ',
  )
  const said = online ? html`<span class="hidden">${t('online')}</span>` : ''
  return html`<span class=${classes}><span aria-hidden="true">${initials(name)}</span>${said}</span>`
}

/** The first letter of the first and of the last word that has one. */
function initials(name: string): string {
  const letters = name.split(/\s+/u).map((word) => [...word].find((sign) => LETTER.test(sign))).filter(
    Boolean,
  )
  const chosen = letters.length > 1 ? [letters[0], letters.at(-1)] : letters
  return chosen.join('').toUpperCase()
}

/** From 1 to 8, always the same for the same seed. */
function colourOf(seed: string): number {
  let sum = 0
  for (const sign of seed) sum = (Math.imul(sum, 31) + (sign.codePointAt(0) ?? 0)) >>> 0
  return 1 + sum % COLOURS
}
