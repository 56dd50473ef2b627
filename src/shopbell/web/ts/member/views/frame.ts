/** The whole screen: the tabs, the state of the connection, and the page one is on. */
import { html, nothing, type TemplateResult } from 'lit-html'
import { t } from '../../base/texts.ts'
import { banner } from '../../ui/empty.ts'
import { icon, mark } from '../../ui/icon.ts'
import { unkept } from '../../ui/unkept.ts'
import { unread } from '../chats.ts'
import { isDoor, pathTo, type Route } from '../routes.ts'
import type { App } from '../screen.ts'
import { chatsPage } from './chats-page.ts'
import { doorPage } from './door-page.ts'
import { findPage } from './find-page.ts'
import { shopPage } from './shop-page.ts'
import { lostPage, unreachablePage } from './small-pages.ts'
import { unreadCount } from './unread-count.ts'
import { youPage } from './you-page.ts'

/** Everything below the root element. */
export function frame(app: App): TemplateResult {
  const { screen } = app
  if (isDoor(screen.route)) return doorPage(app)
  const place = screen.route.name === 'chat' ? 'at-talk' : 'at-list'
  return html`
    <div class="app ${place}" data-connection=${screen.state?.connection.status ?? nothing}>
      <div class="banners">${offline(app)}${screen.state?.keeps === false ? unkept() : nothing}</div>
      ${tabs(app)} ${page(app)}
    </div>
  `
}

function page(app: App): TemplateResult {
  const { route, who } = app.screen
  if (route.name === 'find') return findPage(app)
  if (route.name === 'business') return shopPage(app, route.key)
  if (route.name === 'lost') return lostPage()
  if (who.status === 'unreachable') return unreachablePage(app, who.problem)
  if (route.name === 'you') return youPage(app)
  return chatsPage(app)
}

function tabs(app: App): TemplateResult {
  const { root, route, who, state, kept } = app.screen
  const waiting = state ? unread(state, kept.muted) : 0
  const tab = (to: Route, name: string, text: string, here: boolean, count = 0) =>
    html`
      <a href=${pathTo(to, root)} aria-current=${here ? 'page' : nothing}>${icon(
        name,
        'l',
      )}${text}${unreadCount(
        count,
      )}</a>
    `
  const inChats = route.name === 'chats' || route.name === 'chat'
  const atDoor = who.status === 'nobody'
  return html`
    <nav class="tabs-bar" aria-label=${t('Main')}>
      <a class="brand" href=${pathTo({ name: atDoor ? 'find' : 'chats', q: '' }, root)} aria-label="Shopbell">
        ${mark()}
      </a>
      ${atDoor ? nothing : tab({ name: 'chats' }, 'chat', t('Chats'), inChats, waiting)} ${tab(
        { name: 'find', q: '' },
        'compass',
        t('Find'),
        route.name === 'find' || route.name === 'business',
      )} ${atDoor
        ? tab({ name: 'sign-in', to: null }, 'user', t('Sign in'), false)
        : tab({ name: 'you' }, 'user', t('You'), route.name === 'you')}
    </nav>
  `
}

function offline(app: App): TemplateResult | typeof nothing {
  if (app.screen.state?.connection.status !== 'offline') return nothing
  return banner({
    icon: 'lost',
    text: t('You are offline. What you write waits here and is sent by itself.'),
  })
}
