/** The two answers of a decision, the safe one first. */
import { html } from 'lit-html'
import { button } from '../../ui/button.ts'
import type { DialogOptions } from '../../ui/dialog.ts'
import { banner } from '../../ui/empty.ts'

export interface Decision {
  title: string
  line: string
  safe: string
  act: string
  /** What it is doing, once it was decided. */
  busy?: string
  /** Why it could not be done. */
  refused?: string
  decided(): void
  left(): void
}

export function decision(options: Decision): Omit<DialogOptions, 'id'> {
  const { title, line, safe, act, busy = '', refused = '', decided, left } = options
  return {
    title,
    line,
    body: refused ? banner({ kind: 'bad', text: refused }) : '',
    actions: html`${button({ label: safe, press: left })} ${
      button({ label: act, kind: 'danger', busy, press: decided })
    }`,
  }
}
