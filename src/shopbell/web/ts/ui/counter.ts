// Figures that stand beside or upon something: who waits, how many messages.

import { html, nothing, type TemplateResult } from 'lit-html'
import { number } from '../base/texts.ts'

export interface CounterOptions {
  count: number
  /** In words, "3 customers waiting"; without it the figure speaks for itself. */
  label?: string
  /** On the corner of what it stands in. */
  pin?: boolean
  /** It has just risen. */
  fresh?: boolean
}

const MOST = 99

/** The red bubble: people are waiting. Nothing at zero. */
export function counter({ count, label = '', pin = false, fresh = false }: CounterOptions): Drawn {
  if (count <= 0) return nothing
  const classes = ['counter', pin ? 'pin' : '', fresh ? 'new' : ''].filter(Boolean).join(' ')
  return html`<span class=${classes}>${
    inWords(count > MOST ? `${number(MOST)}+` : number(count), label)
  }</span>`
}

/** How many there are, without urgency. Nothing at zero. */
export function count(many: number, label = ''): Drawn {
  if (many <= 0) return nothing
  return html`<span class="count">${inWords(number(many), label)}</span>`
}

type Drawn = TemplateResult | typeof nothing

function inWords(figure: string, label: string): TemplateResult | string {
  return label ? html`<span aria-hidden="true">${figure}</span><span class="hidden">${label}</span>` : figure
}
