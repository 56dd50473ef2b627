/** A business page: what a shop says of itself, and the way into its Loop or a chat. */
import { html, nothing, type TemplateResult } from 'lit-html'
import { t } from '../../base/texts.ts'
import type { Business } from '../../live/generated/api.ts'
import { apart } from '../../ui/apart.ts'
import { avatar } from '../../ui/avatar.ts'
import { banner } from '../../ui/empty.ts'
import { icon } from '../../ui/icon.ts'
import { awning } from '../drawings.ts'
import { pathTo } from '../routes.ts'
import type { App, Shop } from '../screen.ts'
import { slideToJoin } from '../slide.ts'
import { inWords } from './refused.ts'
import { visit } from './visit.ts'

/** The page at a key, which is a business's id or the end of its address. */
export function shopPage(app: App, key: string): TemplateResult {
  const shop = app.screen.shops.get(key)
  return html`
    <main class="shop">
      <div class="cover">
        ${awning()}
        <a
          class="icon-button back"
          href=${pathTo({ name: 'find', q: app.screen.found.q }, app.screen.root)}
          aria-label=${t('Back to the shops')}
        >${icon('left')}</a>
      </div>
      ${shop?.business ? profile(app, key, shop, shop.business) : absent(app, shop)}
    </main>
  `
}

function absent(app: App, shop: Shop | undefined): TemplateResult {
  if (!shop?.problem) {
    return html`
      <div class="shop-in">
        <header class="shop-head bones" aria-hidden="true"><i class="avatar square xl"></i></header>
        <h1 class="hidden" tabindex="-1">${t('Shop')}</h1>
      </div>
    `
  }
  const gone = shop.problem.status === 404
  return html`
    <div class="empty">
      ${icon(gone ? 'store' : 'lost', 'l')}
      <h1 tabindex="-1">${gone ? t('No such shop') : t('The shop cannot be shown')}</h1>
      <p>${gone ? t('The address may be misspelt, or the shop has closed.') : inWords(shop.problem)}</p>
      ${gone
        ? html`<a class="button plain" href=${pathTo({ name: 'find', q: '' }, app.screen.root)}>${
          t('Find a shop')
        }</a>`
        : html`<button type="button" class="button plain" @click=${() => app.acts.again()}>${
          t('Try again')
        }</button>`}
    </div>
  `
}

function profile(app: App, key: string, shop: Shop, business: Business): TemplateResult {
  const about = [business.category, business.city].filter((part) => part !== null)
  return html`
    <div class="shop-in">
      <header class="shop-head">
        ${avatar({ name: business.name, seed: business.id, size: 'xl', square: true })}
        <div>
          <h1 class="own-lines" tabindex="-1"><bdi>${business.name}</bdi></h1>
          <p class="small muted own-lines">${about.map((part, at) =>
            html`${at ? apart : nothing}<bdi>${part}</bdi>`
          )}</p>
        </div>
      </header>
      ${app.screen.state?.memberships.has(business.id)
        ? joined(app, key, shop, business)
        : invitation(app, key, shop)}
      <div class="stack loose">
        ${business.description
          ? html`
            <section class="stack">
              <h2>${t('About')}</h2>
              <p class="told own-lines" dir="auto">${business.description}</p>
            </section>
          `
          : nothing} ${visit(business, app.now)}
      </div>
    </div>
  `
}

function invitation(app: App, key: string, shop: Shop): TemplateResult {
  const { acts } = app
  const waits = shop.busy !== null
  return html`
    <section class="join card" aria-labelledby="join-title">
      <div>
        <h2 id="join-title">${t('Join the Loop')}</h2>
        <p class="small muted">${t('Hear the news of this shop in your chat. Leave with one tap.')}</p>
      </div>
      ${waits
        ? html`<p class="slide done" role="status"><span class="words">${
          shop.busy === 'joining' ? t('Joining…') : t('One moment…')
        }</span></p>`
        : slideToJoin(() => acts.join(key))}
      <p class="row between">
        <button type="button" class="button plain" id="press-to-join" ?disabled=${waits} @click=${() =>
          acts.join(key)}>${icon('loop', 's')}${t('Or press to join')}</button>
        <button type="button" class="button quiet" ?disabled=${waits} @click=${() => acts.chat(key)}>${icon(
          'chat',
          's',
        )}${t('Just chat')}</button>
      </p>
      ${refusal(shop)}
    </section>
  `
}

function joined(app: App, key: string, shop: Shop, business: Business): TemplateResult {
  const { acts } = app
  return html`
    <section class="join joined card" aria-labelledby="join-title">
      <h2 id="join-title" tabindex="-1">${icon('check', 's')}${t('You are in the Loop')}</h2>
      <p class="small muted">${t('News of this shop comes into your chat with it.')}</p>
      <p class="row between">
        <button type="button" class="button primary" ?disabled=${shop.busy !== null} @click=${() =>
          acts.chat(key)}>
          ${icon('chat', 's')}${t('Open chat')}
        </button>
        <button
          type="button"
          class="button quiet"
          ?disabled=${shop.busy !== null}
          @click=${() => acts.leave(business.id, business.name)}
        >${t('Leave the Loop')}</button>
      </p>
      ${refusal(shop)}
    </section>
  `
}

function refusal(shop: Shop): TemplateResult | typeof nothing {
  if (!shop.problem) return nothing
  return banner({ kind: 'bad', text: inWords(shop.problem) })
}
