/** Chats: the list of businesses one talks with, and beside it, or in its place on a phone, the chat that is open. */
import { html, nothing, type TemplateResult } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import { repeat } from 'lit-html/directives/repeat.js'
import { t } from '../../base/texts.ts'
import { brief, exact } from '../../base/time.ts'
import type { MemberState } from '../../live/types.ts'
import { avatar } from '../../ui/avatar.ts'
import { icon } from '../../ui/icon.ts'
import { type Chat, chats, type Fate, type Line } from '../chats.ts'
import { pathTo } from '../routes.ts'
import type { App } from '../screen.ts'
import { rowBones } from './bones.ts'
import { searchField } from './search-field.ts'
import { talk } from './talk.ts'
import { unreadCount } from './unread-count.ts'

export function chatsPage(app: App): TemplateResult {
  const { route, state } = app.screen
  const open = route.name === 'chat' ? route.id : null
  return html`<main class="panes">${list(app, state, open)}${
    open === null ? noChat(state) : talk(app, open)
  }</main>`
}

function list(app: App, state: MemberState | null, open: string | null): TemplateResult {
  const { screen, acts } = app
  const title = t('Businesses')
  const find = pathTo({ name: 'find', q: '' }, screen.root)
  return html`
    <section class="chats" aria-labelledby="chats-title">
      <header>
        <div class="row between">
          ${open === null
            ? html`<h1 id="chats-title" tabindex="-1">${title}</h1>`
            : html`<h2 id="chats-title">${title}</h2>`}
          <a class="icon-button" href=${find} aria-label=${t('Find a shop')}>${icon('plus')}</a>
        </div>
        ${state?.conversations.size
          ? searchField({
            label: t('Search chats'),
            hint: t('Search chats'),
            value: live(screen.chatsQuery),
            search: acts.searchChats,
          })
          : nothing}
      </header>
      ${state ? rows(app, state, open, find) : rowBones(6)}
    </section>
  `
}

function rows(app: App, state: MemberState, open: string | null, find: string): TemplateResult {
  const { screen } = app
  const found = chats(state, screen.kept.muted, screen.chatsQuery)
  if (found.length > 0) {
    return html`<ul>${repeat(found, (one) => one.id, (one) => row(app, one, one.id === open))}</ul>`
  }
  if (state.conversations.size > 0) {
    return html`
      <div class="empty" role="status">
        <h2>${t('No chat with these words')}</h2>
        <p>${t(
          'Names of shops and last lines are searched.',
        )}</p>
      </div>
    `
  }
  if (!state.listed) return rowBones(6)
  return html`
    <div class="empty">
      ${icon('chat', 'l')}
      <h2>${t('No chats yet')}</h2>
      <p>${t('Find a shop you like and ring its bell. You need not join to chat.')}</p>
      <a class="button primary" href=${find}>${t('Find a shop')}</a>
    </div>
  `
}

function row(app: App, chat: Chat, isOpen: boolean): TemplateResult {
  const fresh = chat.unread > 0 && !chat.isMuted ? 'fresh' : ''
  return html`
    <li>
      <a
        class="chat-row ${fresh}"
        href=${pathTo({ name: 'chat', id: chat.id }, app.screen.root)}
        aria-current=${isOpen ? 'page' : nothing}
        data-chat=${chat.id}
      >
        ${avatar({ name: chat.business.name, seed: chat.business.id, size: 'l', square: true })}
        <span class="name"><bdi class="clip">${chat.business.name}</bdi></span>
        <time datetime=${chat.at} title=${exact(chat.at)}>${brief(chat.at, app.now)}</time>
        <span class="last abreast">${lastLine(app, chat, isOpen)}</span>
        <span class="state">
          ${chat.isMuted
            ? html`${icon('mute', 's')}<span class="hidden">${t('Muted')}</span>`
            : nothing} ${chat.unread
            ? unreadCount(chat.unread, chat.isMuted ? 'muted' : '')
            : fateMark(chat.fate)}
        </span>
      </a>
    </li>
  `
}

// Beside the chat that is open, what one writes is seen where one writes it.
function lastLine(app: App, chat: Chat, isOpen: boolean): unknown {
  const draft = isOpen ? '' : app.draft(chat.id).trim()
  if (draft) return html`<span class="whose draft">${t('Draft:')}</span> <bdi class="clip">${draft}</bdi>`
  return chat.line ? lineText(chat.line) : said(t('Say hello'))
}

function lineText(line: Line): TemplateResult {
  if (line.kind === 'feedback_request') return said(t('How was it? Leave your feedback.'))
  if (line.kind === 'withdrawn') return said(t('Message withdrawn'))
  const text = html`<bdi class="clip">${line.text}</bdi>`
  return line.isMine ? html`<span class="whose">${t('You:')}</span> ${text}` : text
}

const said = (words: string): TemplateResult => html`<span class="clip">${words}</span>`

const FATES: Record<Fate, { picture: string; text: () => string }> = {
  waiting: { picture: 'clock', text: () => t('Waiting to be sent') },
  failed: { picture: 'alert', text: () => t('Not sent') },
  sent: { picture: 'check', text: () => t('Sent') },
  delivered: { picture: 'checks', text: () => t('Delivered') },
  read: { picture: 'checks', text: () => t('Read') },
}

function fateMark(fate: Fate | null): TemplateResult | typeof nothing {
  if (fate === null) return nothing
  const { picture, text } = FATES[fate]
  return html`<span class="fate ${fate}">${icon(picture, 's')}<span class="hidden">${text()}</span></span>`
}

function noChat(state: MemberState | null): TemplateResult {
  return html`
    <section class="talk empty-pane">
      ${state?.conversations.size
        ? html`<div class="empty">${icon('chat', 'l')}<p>${t('Choose a chat to read it here.')}</p></div>`
        : nothing}
    </section>
  `
}
