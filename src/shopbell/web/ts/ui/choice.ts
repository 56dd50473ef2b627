// Choosing: radios one can read, switches, segments, stars.

import { html, nothing, type TemplateResult } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import { n } from '../base/texts.ts'
import { count } from './counter.ts'
import { icon } from './icon.ts'

export interface ChoiceOptions {
  name: string
  value: string
  title: string
  line?: string
  checked?: boolean
  disabled?: boolean
  type?: 'radio' | 'checkbox'
  pick?: (value: string) => void
}

export interface Segment {
  value: string
  label: string
  href?: string
  count?: number
}

export interface SegmentsOptions {
  label: string
  name: string
  current: string
  items: readonly Segment[]
  pick?: (value: string) => void
}

export interface SwitchOptions {
  name: string
  label: string
  checked?: boolean
  disabled?: boolean
  turn?: (on: boolean) => void
}

const STARS = [1, 2, 3, 4, 5] as const

export function choice(options: ChoiceOptions): TemplateResult {
  const { name, value, title, line = '', checked = false, disabled = false, type = 'radio', pick } = options
  return html`
    <label
      class="choice"><input type=${type} name=${name} value=${value} .checked=${live(
        checked,
      )} ?disabled=${disabled} @change=${() => pick?.(value)}><strong>${title}</strong>${line
        ? html`<span class="line">${line}</span>`
        : nothing}</label>
  `
}

/** One of few: links where each is a page of its own, else radios. */
export function segments({ label, name, current, items, pick }: SegmentsOptions): TemplateResult {
  if (items.some((item) => item.href !== undefined)) {
    return html`<nav class="segments" aria-label=${label}>${
      items.map((item) =>
        html`<a href=${item.href ?? '#'} aria-current=${
          item.value === current ? 'page' : nothing
        }>${item.label}${count(item.count ?? 0)}</a>`
      )
    }</nav>`
  }
  return html`<div class="segments" role="radiogroup" aria-label=${label}>${
    items.map((item) =>
      html`<label><input type="radio" name=${name} value=${item.value} .checked=${
        live(item.value === current)
      } @change=${() => pick?.(item.value)}>${item.label}${count(item.count ?? 0)}</label>`
    )
  }</div>`
}

/** On or off, at once. */
export function toggle(
  { name, label, checked = false, disabled = false, turn }: SwitchOptions,
): TemplateResult {
  return html`
    <label
      class="row small"><input class="switch" type="checkbox" role="switch" name=${name} .checked=${live(
        checked,
      )} ?disabled=${disabled} @change=${(event: Event) =>
        turn?.((event.target as HTMLInputElement).checked)}>${label}</label>
  `
}

/** From one to five stars; 0 is none yet. */
export function rate(
  options: { label: string; name: string; value?: number; pick?: (value: number) => void },
): TemplateResult {
  const { label, name, value = 0, pick } = options
  return html`<div class="rate" role="radiogroup" aria-label=${label}>${
    STARS.map((stars) =>
      html`<label><input type="radio" name=${name} value=${stars} aria-label=${
        n('{count} star', '{count} stars', stars)
      } .checked=${live(stars === value)} @change=${() => pick?.(stars)}>${icon('star', 'l')}</label>`
    )
  }</div>`
}
