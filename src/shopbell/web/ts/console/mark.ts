/** The bell that is the product's mark. */

import { html, svg, type TemplateResult } from 'lit-html'

export function mark(look: string): TemplateResult {
  return html`
    <svg class="mark ${look}" viewBox="0 0 32 32" aria-hidden="true">
      <use href="#mark"></use>
    </svg>
  `
}

/** On its enamel tile. */
export function tile(look: string): TemplateResult {
  const inside = svg`
    <rect class="tile" width="32" height="32" rx="8.5"></rect>
    <use href="#mark" transform="translate(16 16) scale(.8) translate(-16 -16)"></use>
  `
  return html`<svg class="mark ${look}" viewBox="0 0 32 32" aria-hidden="true">${inside}</svg>`
}

/** It hangs still, in brass, unless somebody is without an agent. */
export function still(ringing: boolean): TemplateResult {
  const inside = svg`
    <path class="wall" d="M100 0v22"></path>
    <g transform="translate(52 14) scale(3)">
      <use href="#mark"></use>
    </g>
    <path class="ground" d="M16 124h168"></path>
  `
  return html`<svg class="still ${
    ringing ? 'ringing' : ''
  }" viewBox="0 0 200 132" aria-hidden="true">${inside}</svg>`
}
