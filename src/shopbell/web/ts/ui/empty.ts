// What stands where nothing is, and the line that tells of a state of the whole screen.

import { html, nothing, type TemplateResult } from 'lit-html'
import { icon, mark } from './icon.ts'

export interface EmptyOptions {
  title: string
  line?: string
  /** The bell hangs still: that nothing is there is good. */
  still?: boolean
  level?: 1 | 2 | 3
  action?: unknown
  /** That something went wrong, and is to be heard at once. */
  alert?: boolean
}

export interface BannerOptions {
  text: string
  kind?: 'warn' | 'bad' | 'good' | 'info'
  icon?: string
  action?: unknown
}

const ICONS = { warn: 'alert', bad: 'alert', good: 'check', info: 'info' } as const

export function empty(
  { title, line = '', still = false, level = 2, action = nothing, alert = false }: EmptyOptions,
): TemplateResult {
  const heading = level === 1
    ? html`<h1>${title}</h1>`
    : level === 2
    ? html`<h2>${title}</h2>`
    : html`<h3>${title}</h3>`
  return html`<div class="empty" role=${alert ? 'alert' : nothing}>${
    still ? html`<span class="still">${mark('bare')}</span>` : nothing
  }${heading}${line ? html`<p>${line}</p>` : nothing}${action}</div>`
}

/** Amber for what passes by itself, brick for what does not. */
export function banner(
  { text, kind = 'warn', icon: picture = ICONS[kind], action = nothing }: BannerOptions,
): TemplateResult {
  const classes = kind === 'warn' ? 'banner' : `banner ${kind}`
  const role = kind === 'bad' ? 'alert' : 'status'
  return html`<div class=${classes} role=${role}>${
    icon(picture, 's')
  }<p class="grow">${text}</p>${action}</div>`
}
