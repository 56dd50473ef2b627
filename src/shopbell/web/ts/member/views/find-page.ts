/** Find: the directory of businesses, searched as one types. */
import { html, nothing, type TemplateResult } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import { repeat } from 'lit-html/directives/repeat.js'
import { n, t } from '../../base/texts.ts'
import type { BusinessItem } from '../../live/generated/api.ts'
import { avatar } from '../../ui/avatar.ts'
import { icon } from '../../ui/icon.ts'
import { pathTo } from '../routes.ts'
import type { App, Found } from '../screen.ts'
import { rowBones } from './bones.ts'
import { inWords } from './refused.ts'
import { searchField } from './search-field.ts'

export function findPage(app: App): TemplateResult {
  const { screen, acts } = app
  const { found } = screen
  return html`
    <main class="find">
      <div class="find-in">
        <h1 tabindex="-1">${t('Find a shop')}</h1>
        ${searchField({
          label: t('Search shops'),
          hint: t('Name, trade or town'),
          value: live(found.q),
          search: acts.find,
        })}
        <p class="hidden" role="status">${summary(found)}</p>
        ${results(app)}
      </div>
    </main>
  `
}

function summary(found: Found): string {
  if (found.status !== 'done' || found.problem) return ''
  if (found.items.length === 0) return t('Nothing found')
  const more = found.next !== null
  return more
    ? n('More than {count} shop', 'More than {count} shops', found.items.length)
    : n('{count} shop', '{count} shops', found.items.length)
}

function results(app: App): TemplateResult {
  const { found } = app.screen
  if (found.problem && found.items.length === 0) {
    return html`
      <div class="card empty">
        ${icon('lost', 'l')}
        <h2>${t('The directory cannot be reached')}</h2>
        <p>${inWords(found.problem)}</p>
        <button type="button" class="button plain" @click=${() => app.acts.again()}>${t('Try again')}</button>
      </div>
    `
  }
  if (found.status !== 'done' && found.items.length === 0) return html`<div class="card">${rowBones(5)}</div>`
  if (found.items.length === 0) return nothingFound(found)
  return html`
    <ul class="card" aria-label=${t('Shops')}>
      ${repeat(found.items, (item) => item.id, (item) => row(app, item))}
    </ul>
    ${found.next === null ? nothing : html`
      <button type="button" class="button plain full" ?disabled=${found.status === 'searching'} @click=${() =>
        app.acts.findMore()}>${t('Show more shops')}</button>
    `}
  `
}

function nothingFound(found: Found): TemplateResult {
  return html`
    <div class="card empty">
      ${icon('search', 'l')}
      <h2>${found.q ? t('No shop by that name') : t('No shop yet')}</h2>
      <p>${found.q
        ? t('Try the beginning of a name, a trade such as bakery, or a town.')
        : t('Shops appear here as they open.')}</p>
    </div>
  `
}

function row(app: App, item: BusinessItem): TemplateResult {
  return html`
    <li>
      <a class="shop-row" href=${pathTo({ name: 'business', key: item.id }, app.screen.root)}>
        ${avatar({ name: item.name, seed: item.id, size: 'l', square: true })}
        <span class="stack tight">
          <span class="strong"><bdi class="clip">${item.name}</bdi></span>
          ${about(item)}
        </span>
        ${icon('right')}
      </a>
    </li>
  `
}

function about(item: BusinessItem): TemplateResult | typeof nothing {
  const parts = [item.category, item.city].filter((part) => part !== null)
  if (parts.length === 0) return nothing
  return html`
    <span class="small muted abreast">${parts.map((part, at) =>
      html`${at ? html`<span>·</span>` : nothing} <bdi class="clip">${part}</bdi>`
    )}</span>
  `
}
