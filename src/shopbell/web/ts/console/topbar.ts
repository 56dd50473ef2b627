/** The bar along the top: whose console it is, the search, the connection, the bell and oneself. */

import { html, nothing, type TemplateResult } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import { t } from '../base/texts.ts'
import { clock } from '../base/time.ts'
import { apart } from '../ui/apart.ts'
import { avatar } from '../ui/avatar.ts'
import { icon } from '../ui/icon.ts'
import { tile } from './mark.ts'
import { item, menu } from './menus.ts'
import { page } from './page.ts'
import type { View } from './view.ts'

export function topbar(view: View): TemplateResult {
  const { state, screen } = view
  const here = state.me.businesses.find(({ id }) => id === state.me.staff.business_id)
  const name = here?.name ?? ''
  return html`<header class="bar">
    <a class="brand" href="${page.base}/portal" aria-label=${t('Shopbell: to the portal')}>${
    tile(state.counts.waiting > 0 ? 'ringing' : '')
  }<span class="wide-only">Shopbell</span></a>
    <span class="place">${
    avatar({ name, seed: here?.id ?? '', size: 's', square: true })
  }<bdi class="clip">${name}</bdi></span>
    <label class="input input-group search"><span class="hidden">${t('Search by customer or number')}</span>${
    icon('search', 's')
  }
      <input id="search" type="search" autocomplete="off" spellcheck="false" maxlength="200" placeholder=${
    t('Search customers')
  }
        .value=${live(screen.filter.search)}><kbd>${t('Ctrl K')}</kbd></label>
    ${connection(view)}${soundMenu(view)}${meMenu(view)}
  </header>`
}

function connection({ state: { connection }, screen }: View): TemplateResult {
  const [look, dot, text] = connection.status === 'live'
    ? ['', 'good', t('Live')]
    : connection.status === 'connecting' && screen.lostSince === null
    ? ['lost', 'warn', t('Connecting')]
    : ['lost', 'warn', t('Reconnecting')]
  return html`
    <span class="live ${look}"
      role="status"><span class="dot ${dot}"></span><span class="words">${text}</span></span>
  `
}

function soundMenu({ screen }: View): TemplateResult {
  const { volume } = screen.settings
  const open = screen.menu === 'sound'
  return html`<span class="anchor" data-menu="sound">
    <button class="icon-button" data-do="menu" data-name="sound" aria-expanded=${open} aria-controls="sound"
      aria-label=${volume > 0 ? t('Bell: on') : t('Bell: off')}>${
    volume > 0
      ? html`
        <svg class="mark bare quiet bell-sign" viewBox="0 0 32 32" aria-hidden="true">
          <use href="#mark"></use>
        </svg>
      `
      : icon('mute')
  }</button>
    ${
    open
      ? html`
        <div class="menu sound" id="sound" role="group" aria-label=${t('The bell')}>
          <label>${t(
            'Ring when somebody is waiting',
          )}<input type="checkbox" class="switch" data-set="ring" .checked=${volume > 0}></label>
          <label>${t(
            'Volume',
          )}<input type="range" min="0.1" max="1" step="0.1" data-set="volume" ?disabled=${volume === 0}
                .value=${String(volume || 0.7)}></label>
          <button class="button plain small" data-do="hear-bell">${icon('play', 's')}${t(
            'Hear the bell',
          )}</button>
          <p class="tiny faint">${t('A browser stays silent until you have clicked or typed here once.')}</p>
        </div>
      `
      : nothing
  }
  </span>`
}

function meMenu(view: View): TemplateResult {
  const { staff } = view.state.me
  const name = `${staff.first_name} ${staff.last_name}`
  return menu(view.screen, {
    name: 'me',
    look: 'icon-button',
    button: html`${avatar({ name, seed: staff.id, size: 's' })}<span class="hidden">${
      t('You: {name}', { name })
    }</span>`,
    items: [
      html`
        <div class="who-am-i"
          role="none">${avatar({
            name,
            seed: staff.id,
          })}<span class="stack tight"><strong><bdi>${name}</bdi></strong><span
                class="tiny faint"><bdi>${view.state.me.email}</bdi>${apart}${ROLES
                  [staff.role]()}</span></span></div>
      `,
      html`<a role="menuitem" tabindex="-1" href="${page.base}/portal">${icon('store')}${
        t('Business Portal')
      }</a>`,
      item('keys', 'bolt', t('Keyboard shortcuts')),
      item('sign-out', 'external', t('Sign out')),
    ],
  })
}

const ROLES = {
  owner: () => t('Owner'),
  manager: () => t('Manager'),
  marketer: () => t('Marketer'),
  agent: () => t('Agent'),
}

/** A hiccup of so long is nobody's concern. */
export const HICCUP_MS = 1500

/** For the whole screen; reading and writing go on. */
export function banner({ screen: { lostSince, now } }: View): TemplateResult | typeof nothing {
  if (lostSince === null || now - lostSince < HICCUP_MS) return nothing
  return html`
    <p class="banner"
      role="status">${icon('lost', 's')}<span>${t(
        'No connection since {time}. You can read and write; messages go out, in order, when it is back.',
        {
          time: clock(lostSince),
        },
      )}</span><button class="button plain small" data-do="try-now">${t('Try now')}</button></p>
  `
}
