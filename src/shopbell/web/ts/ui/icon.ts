// Icons and the mark, drawn from the sprite that every page carries.

import { html, svg, type TemplateResult } from 'lit-html'

export type IconSize = '' | 's' | 'l'
export type MarkKind = '' | 'ringing' | 'quiet' | 'bare'

/** Those that point somewhere, and so point the other way where one reads from the right. */
const DIRECTED = new Set(['left', 'right', 'undo', 'panel', 'send', 'external', 'leave'])

/** Decoration: the words beside it, or the label of what it stands in, say what it means. */
export function icon(name: string, size: IconSize = '', solid = false): TemplateResult {
  const classes = ['icon', size, solid ? 'fill' : '', DIRECTED.has(name) ? 'flip' : ''].filter(Boolean).join(
    ' ',
  )
  return html`
    <svg class=${classes} aria-hidden="true">
      <use href=${`#i-${name}`}></use>
    </svg>
  `
}

/** The bell; its clapper is red while `ringing`. */
export function mark(kind: MarkKind = ''): TemplateResult {
  const tile = svg`
    <rect class="tile" width="32" height="32" rx="8.5"></rect>
    <use href="#mark" transform="translate(16 16) scale(.8) translate(-16 -16)"></use>
  `
  const line = svg`<use href="#mark"></use>`
  const classes = kind ? `mark ${kind}` : 'mark'
  return html`<svg class=${classes} viewBox="0 0 32 32" aria-hidden="true">${
    kind === 'bare' ? line : tile
  }</svg>`
}
