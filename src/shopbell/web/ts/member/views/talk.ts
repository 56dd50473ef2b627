/** A chat: who with, what was said, and what one says next. */
import { html, type TemplateResult } from 'lit-html'
import { keyed } from 'lit-html/directives/keyed.js'
import { t } from '../../base/texts.ts'
import { myself } from '../../live/fold.ts'
import { threadView } from '../../live/thread.ts'
import { unfetched } from '../../live/thread_fold.ts'
import type { ConversationItem, MemberState } from '../../live/types.ts'
import { avatar } from '../../ui/avatar.ts'
import { icon } from '../../ui/icon.ts'
import { type Item, menu } from '../../ui/menu.ts'
import { pathTo } from '../routes.ts'
import type { App } from '../screen.ts'
import { feedback } from './feedback.ts'
import { writer } from './writer.ts'

/** The chat with that id, which may not be known yet, or not be this person's. */
export function talk(app: App, id: string): TemplateResult {
  const { state } = app.screen
  const chat = state?.conversations.get(id)
  if (!state || !chat) return unknown(app, state?.listed ?? false)
  return html`
    <section class="talk" aria-labelledby="talk-title">
      ${top(app, state, chat)}
      <div class="talk-flow">${keyed(id, conversation(app, state, chat))}</div>
      ${keyed(id, writer(app, chat))}
    </section>
  `
}

function top(app: App, state: MemberState, chat: ConversationItem): TemplateResult {
  const { root, kept } = app.screen
  const { business } = chat
  const isMember = state.memberships.has(business.id)
  const isMuted = kept.muted.has(chat.id)
  return html`
    <header>
      <a class="icon-button narrow-only" href=${pathTo({ name: 'chats' }, root)} aria-label=${t(
        'Back to the chats',
      )}>
        ${icon('left')}
      </a>
      <a class="who grow" href=${pathTo({ name: 'business', key: business.id }, root)}>
        ${avatar({ name: business.name, seed: business.id, square: true })}
        <span class="grow">
          <h1 id="talk-title" tabindex="-1"><bdi class="clip">${business.name}</bdi></h1>
          <span class="tiny muted clip">${standing(isMember, isMuted)}</span>
        </span>
      </a>
      ${menu({ label: t('More'), icon: 'more', bare: true, items: choices(app, chat, isMember, isMuted) })}
    </header>
  `
}

function standing(isMember: boolean, isMuted: boolean): string {
  const loop = isMember ? t('You are in the Loop') : t('Chatting without joining')
  return isMuted ? t('{loop} · muted on this device', { loop }) : loop
}

function choices(app: App, chat: ConversationItem, isMember: boolean, isMuted: boolean): readonly Item[] {
  const { acts, screen } = app
  const { business } = chat
  const page = pathTo({ name: 'business', key: business.id }, screen.root)
  return [
    { label: isMember ? t('See the shop') : t('See the shop and join'), icon: 'store', href: page },
    {
      label: isMuted ? t('Unmute') : t('Mute on this device'),
      icon: isMuted ? 'bell' : 'mute',
      press: () => acts.mute(chat.id),
    },
    ...(isMember
      ? [{ label: t('Leave the Loop'), icon: 'leave', press: () => acts.leave(business.id, business.name) }]
      : []),
  ]
}

function unknown(app: App, isKnown: boolean): TemplateResult {
  return html`
    <section class="talk empty-pane">
      ${isKnown
        ? html`
          <div class="empty">
            ${icon('chat', 'l')}
            <h1 tabindex="-1">${t('No such chat')}</h1>
            <p>${t('The address may be misspelt, or the chat is somebody else’s.')}</p>
            <a class="button plain" href=${pathTo({ name: 'chats' }, app.screen.root)}>${t(
              'See your chats',
            )}</a>
          </div>
        `
        : html`<h1 class="hidden" tabindex="-1">${t('Chat')}</h1>`}
    </section>
  `
}

function conversation(app: App, state: MemberState, chat: ConversationItem): TemplateResult {
  const { acts, screen: { missing } } = app
  return threadView(state.threads.get(chat.id) ?? unfetched(chat.id), {
    side: 'person',
    author: myself(state),
    label: t('Chat with {name}', { name: chat.business.name }),
    live: state.connection.status === 'live',
    missing: missing?.conversationId === chat.id ? missing.problem : undefined,
    again: acts.again,
    foot: feedback(app, chat),
    older: () => acts.older(chat.id),
    seen: (seq) => acts.seen(chat.id, seq),
    retry: acts.retry,
    discard: acts.discard,
  })
}
