/** What opens below a button, with the keys people know from other menus. */

import { html, nothing, type TemplateResult } from 'lit-html'
import { icon } from '../ui/icon.ts'
import type { MenuName, Screen } from './screen.ts'

export interface MenuLook {
  readonly name: MenuName
  readonly button: TemplateResult | string
  readonly look: string
  /** The button's name where it shows none. */
  readonly label?: string
  readonly place?: 'from-start'
  readonly disabled?: boolean
  readonly items: readonly (TemplateResult | typeof nothing)[]
}

export function menu(screen: Screen, look: MenuLook): TemplateResult {
  const open = screen.menu === look.name
  return html`<span class="anchor" data-menu=${look.name}>
    <button type="button" class=${look.look} data-do="menu" data-name=${look.name} aria-haspopup="menu"
      aria-expanded=${open} aria-label=${look.label ?? nothing} ?disabled=${
    look.disabled ?? false
  }>${look.button}</button>
    ${open ? html`<div class="menu ${look.place ?? ''}" role="menu">${look.items}</div>` : nothing}
  </span>`
}

interface Choice {
  readonly act: string
  readonly value: string
  readonly chosen: boolean
  readonly text: string
  readonly sign?: TemplateResult | typeof nothing
}

/** One of several of which one is chosen. */
export function choice({ act, value, chosen, text, sign }: Choice): TemplateResult {
  return html`
    <button type="button" role="menuitemradio" aria-checked=${chosen} tabindex="-1" data-do=${act}
      data-value=${value}>${sign ?? nothing}<bdi class="clip">${text}</bdi><span class="tick">${icon(
        'check',
        's',
      )}</span></button>
  `
}

export function item(act: string, sign: string, text: string): TemplateResult {
  return html`<button type="button" role="menuitem" tabindex="-1" data-do=${act}>${
    icon(sign)
  }${text}</button>`
}

/** Arrows, Home and End inside an open menu; answers whether the key was for it. */
export function moveInMenu(event: KeyboardEvent): boolean {
  const open = (event.target as Element).closest('[role="menu"]')
  if (!open) return false
  const items = [...open.querySelectorAll<HTMLElement>('[role^="menuitem"]')].filter((one) =>
    one.checkVisibility()
  )
  const at = items.indexOf(document.activeElement as HTMLElement)
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key]
  if (to === undefined) return false
  items[to % items.length]?.focus()
  event.preventDefault()
  return true
}
