// What happened, for a moment, with a way back where there is one.

import { html, nothing, render, type TemplateResult } from 'lit-html'
import { icon } from './icon.ts'

export interface ToastOptions {
  text: string
  icon?: string
  /** The label of what can be done about it. */
  action?: string
  press?: () => void
}

const SHOWN_MS = 6_000

export function toast({ text, icon: picture = 'check', action = '', press }: ToastOptions): TemplateResult {
  return html`<div class="toast">${icon(picture, 's')}<p class="grow">${text}</p>${
    action ? html`<button type="button" @click=${press}>${action}</button>` : nothing
  }</div>`
}

let place: HTMLElement | undefined
let leaving: number | undefined

/** Show it at the foot of the page for 6 s, longer while it is hovered or holds the focus; one at a time. */
export function showToast(options: ToastOptions): void {
  const at = place ??= madePlace()
  const press = options.press && (() => {
    hideToast()
    options.press?.()
  })
  render(toast({ ...options, ...(press ? { press } : {}) }), at)
  stay()
  leave()
}

function hideToast(): void {
  stay()
  if (place) render(nothing, place)
}

function stay(): void {
  clearTimeout(leaving)
}

function leave(): void {
  if (!place?.matches(':hover, :focus-within')) leaving = setTimeout(hideToast, SHOWN_MS)
}

function madePlace(): HTMLElement {
  const made = document.createElement('div')
  made.className = 'toasts'
  made.setAttribute('role', 'status')
  made.addEventListener('pointerenter', stay)
  made.addEventListener('focusin', stay)
  made.addEventListener('pointerleave', leave)
  made.addEventListener('focusout', leave)
  document.body.append(made)
  return made
}
