// A menu: what else one can do here.

import { html, nothing, type TemplateResult } from 'lit-html'
import { walk } from '../base/keys.ts'
import { icon } from './icon.ts'

export interface Item {
  label: string
  icon?: string
  href?: string
  value?: string
  current?: boolean
  press?: () => void
}

export interface MenuOptions {
  label: string
  items: readonly Item[]
  icon?: string
  /** Shows the picture alone; the label is its name. */
  bare?: boolean
}

/** Opens by pressing its label, without a script too; closeMenusByThemselves of base/dom closes it. */
export function menu({ label, items, icon: picture = '', bare = false }: MenuOptions): TemplateResult {
  const head = bare
    ? html`<summary class="icon-button" aria-label=${label} title=${label}>${icon(picture)}</summary>`
    : html`<summary class="button quiet">${picture ? icon(picture, 's') : nothing}${label}${
      icon('down', 's')
    }</summary>`
  return html`<details class="fold" @keydown=${walked}>${head}<div class="menu drop">${
    items.map(drawn)
  }</div></details>`
}

function drawn(item: Item): TemplateResult {
  const inside = html`${item.icon ? icon(item.icon) : nothing}${item.label}`
  if (item.href !== undefined) {
    return html`<a href=${item.href} aria-current=${
      item.current ? 'page' : nothing
    } @click=${item.press}>${inside}</a>`
  }
  return html`<button type="button" value=${item.value ?? nothing} aria-pressed=${
    item.current ?? nothing
  } @click=${item.press}>${inside}</button>`
}

function walked(event: KeyboardEvent): void {
  const fold = event.currentTarget as HTMLDetailsElement
  if (fold.open) walk(event, [...fold.querySelectorAll<HTMLElement>('.menu > *')])
}
