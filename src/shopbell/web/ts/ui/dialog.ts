// A decision that has to be made before anything else.

import { html, nothing, render, type TemplateResult } from 'lit-html'
import { focusFirst } from '../base/dom.ts'

export interface DialogOptions {
  id: string
  /** The act. */
  title: string
  line?: string
  body?: unknown
  /** The safe way first, the act last. */
  actions: unknown
}

type Draw<T> = (answer: (value: T) => void, redraw: () => void) => Omit<DialogOptions, 'id'>

/** The dialog as it stands in a page; `ask` shows one. */
export function dialog(options: DialogOptions): TemplateResult {
  return html`<dialog class="dialog" id=${options.id} aria-labelledby=${`${options.id}-title`}>${
    inside(options)
  }</dialog>`
}

/**
 * Ask, and wait for the answer; null when it is left by Escape.
 * `draw` is called again by its own `redraw`, for a dialog whose act depends on what is chosen in it.
 */
export function ask<T>(draw: Draw<T>): Promise<T | null> {
  const box = document.createElement('dialog')
  box.className = 'dialog'
  box.id = `ask-${crypto.randomUUID()}`
  box.setAttribute('aria-labelledby', `${box.id}-title`)
  document.body.append(box)
  return new Promise((resolve) => {
    let answered: T | null = null
    const answer = (value: T) => {
      answered = value
      box.close()
    }
    const redraw = () => render(inside({ id: box.id, ...draw(answer, redraw) }), box)
    box.addEventListener('close', () => {
      box.remove()
      resolve(answered)
    })
    redraw()
    box.showModal()
    focusFirst(box)
  })
}

function inside({ id, title, line = '', body = nothing, actions }: DialogOptions): TemplateResult {
  return html`
    <div class="stack tight"><h2 id=${`${id}-title`}>${title}</h2>${line
      ? html`<p class="muted">${line}</p>`
      : nothing}</div>${body}<div
      class="actions">${actions}</div>
  `
}
