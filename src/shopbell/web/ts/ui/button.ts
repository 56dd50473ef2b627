// Buttons, and links that look like them.

import { html, nothing, type TemplateResult } from 'lit-html'
import { counter } from './counter.ts'
import { icon } from './icon.ts'

interface Pressable {
  label: string
  id?: string
  href?: string
  type?: 'button' | 'submit'
  name?: string
  value?: string
  disabled?: boolean
  /** Keys that do the same, as in `aria-keyshortcuts`. */
  keys?: string
  /** Whether what it opens is open. */
  expanded?: boolean
  /** Whether it is switched on, for a button that stays pressed. */
  pressed?: boolean
  press?: (event: Event) => void
}

export interface ButtonOptions extends Pressable {
  kind?: 'primary' | 'plain' | 'quiet' | 'danger'
  icon?: string
  size?: '' | 'small' | 'large'
  wide?: boolean
  /** What it is doing, "Sending…"; it cannot be pressed meanwhile. */
  busy?: string
  /** Drawn as the red bubble on its corner, `counted` in words. */
  count?: number
  counted?: string
}

export interface IconButtonOptions extends Pressable {
  icon: string
  size?: '' | 'small'
  count?: number
  counted?: string
}

export function button(options: ButtonOptions): TemplateResult {
  const { label, kind = 'plain', icon: picture = '', size = '', wide = false, busy = '' } = options
  const classes = ['button', kind, size, wide ? 'full' : ''].filter(Boolean).join(' ')
  const bubble = counter({ count: options.count ?? 0, label: options.counted ?? '', pin: true })
  const inside = html`${picture ? icon(picture, 's') : nothing}${busy || label}${bubble}`
  return pressable(options, classes, inside, busy)
}

/** A button that shows a picture alone; the label is its name and its title. */
export function iconButton(options: IconButtonOptions): TemplateResult {
  const classes = options.size ? `icon-button ${options.size}` : 'icon-button'
  const bubble = counter({ count: options.count ?? 0, label: options.counted ?? '', pin: true })
  const inside = html`${icon(options.icon)}<span class="hidden">${options.label}</span>${bubble}`
  return pressable(options, classes, inside, '', options.label)
}

function pressable(
  options: Pressable,
  classes: string,
  inside: TemplateResult,
  busy: string,
  title?: string,
): TemplateResult {
  const { id, href, type = 'button', disabled = false, press, expanded, pressed } = options
  if (href !== undefined) {
    return html`
      <a class=${classes} id=${id ?? nothing} href=${href} title=${title ?? nothing}
        aria-keyshortcuts=${options.keys ?? nothing} @click=${press}>${inside}</a>
    `
  }
  return html`
    <button class=${classes} id=${id ?? nothing} type=${type} name=${options.name ??
      nothing} value=${options.value ?? nothing}
      ?disabled=${disabled || busy !== ''} aria-busy=${busy ? 'true' : nothing} title=${title ?? nothing}
      aria-expanded=${expanded ?? nothing} aria-pressed=${pressed ??
        nothing} aria-keyshortcuts=${options.keys ?? nothing}
      @click=${press}>${inside}</button>
  `
}
