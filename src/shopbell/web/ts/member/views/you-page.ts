/** You: who is signed in here, the Loops one is in, the state of the connection, the way out. */
import { html, nothing, type TemplateResult } from 'lit-html'
import { repeat } from 'lit-html/directives/repeat.js'
import { locale, n, t } from '../../base/texts.ts'
import type { Connection, Membership, MemberState } from '../../live/types.ts'
import { avatar } from '../../ui/avatar.ts'
import { icon } from '../../ui/icon.ts'
import { unsent } from '../chats.ts'
import { pathTo } from '../routes.ts'
import type { App } from '../screen.ts'

export function youPage(app: App): TemplateResult {
  const { who, state } = app.screen
  if (who.status !== 'somebody') {
    return html`
      <main class="you">
        <h1 class="hidden" tabindex="-1">${t('You')}</h1>
      </main>
    `
  }
  const { person, email } = who.me
  const name = `${person.first_name} ${person.last_name}`
  return html`
    <main class="you">
      <div class="you-in">
        <header class="you-head">
          ${avatar({ name: name, seed: person.id, size: 'xl' })}
          <div>
            <h1 class="own-lines" tabindex="-1"><bdi>${name}</bdi></h1>
            <p class="muted"><bdi>${email}</bdi></p>
          </div>
        </header>
        ${state ? loops(app, state) : nothing} ${state ? device(state) : nothing}
        <p><button type="button" class="button danger large" @click=${() => app.acts.signOut()}>${t(
          'Sign out',
        )}</button></p>
      </div>
    </main>
  `
}

function loops(app: App, state: MemberState): TemplateResult {
  const all = [...state.memberships.values()].sort((one, other) => (one.joined_at < other.joined_at ? 1 : -1))
  if (all.length === 0) {
    return html`
      <section class="card" aria-labelledby="loops">
        <h2 id="loops">${t('Your Loops')}</h2>
        <p class="muted">${t('You are in no Loop yet. Shops you join send their news into your chats.')}</p>
        <p><a class="button plain" href=${pathTo({ name: 'find', q: '' }, app.screen.root)}>${t(
          'Find a shop',
        )}</a></p>
      </section>
    `
  }
  return html`
    <section class="card flush" aria-labelledby="loops">
      <h2 id="loops">${t('Your Loops')}</h2>
      <ul>${repeat(all, (one) => one.business.id, (one) => loop(app, one))}</ul>
    </section>
  `
}

function loop(app: App, membership: Membership): TemplateResult {
  const { business } = membership
  const day = new Intl.DateTimeFormat(locale(), { dateStyle: 'medium' })
  return html`
    <li>
      <a class="shop-row" href=${pathTo({ name: 'business', key: business.id }, app.screen.root)}>
        ${avatar({ name: business.name, seed: business.id, size: 'l', square: true })}
        <span class="stack tight">
          <span class="strong"><bdi class="clip">${business.name}</bdi></span>
          <span class="small muted">${t('Joined {day}', {
            day: day.format(new Date(membership.joined_at)),
          })}</span>
        </span>
        ${icon('right')}
      </a>
    </li>
  `
}

function device(state: MemberState): TemplateResult {
  const waiting = unsent(state)
  return html`
    <section class="card" aria-labelledby="device">
      <h2 id="device">${t('This device')}</h2>
      <p class="row" role="status">${connection(state.connection)}</p>
      <p class="small muted">${waiting
        ? n('{count} message waits to be sent.', '{count} messages wait to be sent.', waiting)
        : t('Everything you wrote has been sent.')}</p>
    </section>
  `
}

function connection(now: Connection): TemplateResult {
  const [tone, text] = now.status === 'live'
    ? ['good', t('Connected')]
    : now.status === 'connecting'
    ? ['', t('Connecting…')]
    : ['warn', t('Offline')]
  return html`<span class="dot ${tone}"></span>${text}`
}
