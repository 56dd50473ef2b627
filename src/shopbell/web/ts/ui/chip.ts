// Small signs of state: chips, dots, priority, stars.

import { html, nothing, type TemplateResult } from 'lit-html'
import { t } from '../base/texts.ts'
import { icon } from './icon.ts'

export type Kind = '' | 'accent' | 'good' | 'warn' | 'bad' | 'brass' | 'outline'
export type Priority = 'high' | 'medium' | 'low'

export interface ChipOptions {
  label: string
  kind?: Kind
  icon?: string
  /** Makes it a button that stays pressed or not, as a filter. */
  pressed?: boolean
  press?: () => void
}

export function chip({ label, kind = '', icon: picture = '', pressed, press }: ChipOptions): TemplateResult {
  const classes = kind ? `chip ${kind}` : 'chip'
  const inside = html`${picture ? icon(picture) : nothing}${label}`
  if (pressed === undefined) return html`<span class=${classes}>${inside}</span>`
  return html`<button class=${classes} type="button" aria-pressed=${pressed} @click=${press}>${inside}</button>`
}

/** A coloured point; the label says what it stands for. */
export function dot(kind: '' | 'accent' | 'good' | 'warn', label: string): TemplateResult {
  const classes = kind ? `dot ${kind}` : 'dot'
  return html`<span class=${classes} role="img" aria-label=${label}></span>`
}

/** Three bars: height, colour and a word say the same. */
export function priority(level: Priority | null): TemplateResult | typeof nothing {
  if (level === null) return nothing
  return html`<span class=${`priority ${level}`} role="img" aria-label=${
    priorityName(level)
  }><i></i><i></i><i></i></span>`
}

function priorityName(level: Priority): string {
  return { high: t('High priority'), medium: t('Medium priority'), low: t('Low priority') }[level]
}

/** How somebody rated, from 0 to 5. */
export function stars(value: number): TemplateResult {
  return html`<span class="stars" role="img" aria-label=${t('{stars} of 5 stars', { stars: value })}>${
    [1, 2, 3, 4, 5].map((at) =>
      html`<span class=${at > value + 0.5 ? 'off' : nothing}>${icon('star')}</span>`
    )
  }</span>`
}
