/** A search as one types. */
import { html, type TemplateResult } from 'lit-html'
import { icon } from '../../ui/icon.ts'

export interface SearchField {
  label: string
  hint: string
  /** A text, or the `live` directive around one. */
  value: unknown
  search(q: string): void
}

/** Escape empties it. */
export function searchField(field: SearchField): TemplateResult {
  return html`
    <div class="input input-group search" role="search">
      ${icon('search', 's')}
      <input
        type="search"
        aria-label=${field.label}
        placeholder=${field.hint}
        maxlength="200"
        autocomplete="off"
        enterkeyhint="search"
        dir="auto"
        .value=${field.value}
        @input=${(event: Event) => field.search((event.currentTarget as HTMLInputElement).value)}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === 'Escape') field.search('')
        }}
      />
    </div>
  `
}
