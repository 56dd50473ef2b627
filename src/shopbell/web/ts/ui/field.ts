// Fields: a label above, a hint below, an error with its remedy, and choices one can read.

import { html, nothing, type TemplateResult } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import { t } from '../base/texts.ts'
import { icon } from './icon.ts'

export interface Option {
  value: string
  label: string
}

export interface FieldOptions {
  name: string
  label: string
  id?: string
  type?: string
  value?: string
  hint?: string
  error?: string
  optional?: boolean
  autocomplete?: string
  inputmode?: string
  maxlength?: number
  disabled?: boolean
  /** Lines of a text area. */
  rows?: number
  /** Makes it a choice from a list. */
  options?: readonly Option[]
  /** Beside the label, as a link that helps. */
  aside?: unknown
  input?: (value: string) => void
}

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

export function field(options: FieldOptions): TemplateResult {
  const { name, label, id = `f-${name}`, hint = '', error = '', optional = false, aside } = options
  const classes = error ? 'field wrong' : 'field'
  const words = html`<label class="label" for=${id}>${label}${
    optional
      ? html`
        <span class="faint">${t('optional')}</span>
      `
      : nothing
  }</label>`
  const top = aside === undefined ? words : html`<span class="row between">${words}${aside}</span>`
  return html`<div class=${classes}>${top}${control(options, id)}${
    error ? html`<p class="error" id=${`${id}-error`}>${icon('alert', 's')}${error}</p>` : nothing
  }${hint ? html`<p class="hint" id=${`${id}-hint`}>${hint}</p>` : nothing}</div>`
}

function control(options: FieldOptions, id: string): TemplateResult {
  const { name, type = 'text', value = '', hint, error, optional = false, disabled = false } = options
  const described = [error ? `${id}-error` : '', hint ? `${id}-hint` : ''].filter(Boolean).join(' ') ||
    nothing
  const invalid = error ? 'true' : nothing
  const heard = (event: Event) => options.input?.((event.target as Control).value)
  if (options.options) {
    return html`
      <span
        class="select"><select class="input" id=${id} name=${name} ?required=${!optional} ?disabled=${disabled} aria-invalid=${invalid} aria-describedby=${described} @change=${heard}>${options
          .options.map((each) =>
            html`<option value=${each.value} ?selected=${each.value === value}>${each.label}</option>`
          )}</select>${icon('down', 's')}</span>
    `
  }
  if (options.rows) {
    return html`
      <textarea class="input" id=${id} name=${name} rows=${options
        .rows} dir="auto" maxlength=${options.maxlength ?? nothing}
        ?required=${!optional} ?disabled=${disabled} aria-invalid=${invalid} aria-describedby=${described}
        .value=${live(value)} @input=${heard}></textarea>
    `
  }
  return html`
    <input class="input" id=${id} name=${name} type=${type} dir=${type === 'text' || type === 'search'
      ? 'auto'
      : nothing} autocomplete=${options.autocomplete ?? nothing}
      inputmode=${options.inputmode ?? nothing} maxlength=${options.maxlength ??
        nothing} ?required=${!optional} ?disabled=${disabled}
      aria-invalid=${invalid} aria-describedby=${described} .value=${live(value)} @input=${heard}>
  `
}
