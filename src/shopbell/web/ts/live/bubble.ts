/** What is said, drawn: bubbles in groups with their fate, and notes; the same for what is not confirmed yet. */

import { html, nothing, type TemplateResult } from 'lit-html'
import { repeat } from 'lit-html/directives/repeat.js'
import { t } from '../base/texts.ts'
import { clock, exact } from '../base/time.ts'
import { apart } from '../ui/apart.ts'
import { avatar } from '../ui/avatar.ts'
import { icon } from '../ui/icon.ts'
import { attached } from './attachments.ts'
import type { Said } from './lines.ts'
import type { AuthorItem, Message, Pending, Side, Thread } from './types.ts'

/** What a bubble needs to know of the screen it stands on. */
export interface Reading {
  /** Who reads: their side stands at the end, in enamel. */
  readonly side: Side
  /** The author of what is written here: `myself(state)`. */
  readonly author: AuthorItem
  /** Whether what is written now goes out at once. */
  readonly live: boolean
  retry?(nonce: string): void
  discard?(nonce: string): void
}

/** What one author said in a row. */
export function group(
  said: readonly Said[],
  isOurs: boolean,
  thread: Thread,
  options: Reading,
): TemplateResult {
  const last = said.at(-1)!
  const { author } = last
  const isMine = author.id === options.author.id && author.side === options.author.side
  const name = isMine ? t('You') : author.name
  return html`
    <article class=${isOurs ? 'message mine' : 'message'} aria-label=${t('{name}, {time}', {
      name,
      time: clock(last.at),
    })}>
      ${isOurs ? nothing : face(author)}
      <div class="parts">${repeat(said, ({ key }) => key, speech)}
        ${meta(
          last,
          isOurs,
          isMine || (options.side === 'staff' && !isOurs) ? '' : author.name,
          thread,
          options,
        )}
      </div>
    </article>
  `
}

/** Whose it is. */
export function face(author: AuthorItem): TemplateResult {
  return avatar({ name: author.name, seed: author.id, size: 's', square: author.side === 'business' })
}

/** One bubble, of a message that is stored as of one that is not yet. */
function speech({ key, text, message, pending }: Said): TemplateResult {
  if (message?.withdrawn_at) {
    return html`<p class="speech gone" data-key=${key}>${icon('block', 's')}<span>${
      t('Message withdrawn')
    }</span></p>`
  }
  const classes = !pending ? 'speech' : pending.status === 'failed' ? 'speech failed' : 'speech pending'
  const said = text ? html`<span class="said" dir="auto">${linked(text)}</span>` : nothing
  return html`<p class=${classes} data-key=${key}>${said}${attached(message)}</p>`
}

const LINK =
  /https?:\/\/[^\s<>"'\u200e\u200f\u202a-\u202e\u2066-\u2069]+[^\s<>"'.,:;!?)\]}\u200e\u200f\u202a-\u202e\u2066-\u2069]/giu

/** The text with addresses of pages as links; everything else, and all of it, stays text. */
function linked(text: string): readonly (string | TemplateResult)[] {
  const parts: (string | TemplateResult)[] = []
  let from = 0
  for (const { 0: address, index } of text.matchAll(LINK)) {
    if (!URL.canParse(address)) continue
    parts.push(text.slice(from, index))
    parts.push(html`<a href=${address} target="_blank" rel="noopener noreferrer nofollow">${address}</a>`)
    from = index + address.length
  }
  parts.push(text.slice(from))
  return parts
}

function meta(
  said: Said,
  isOurs: boolean,
  name: string,
  thread: Thread,
  options: Reading,
): TemplateResult {
  const { at, pending, message } = said
  if (pending?.status === 'failed') return failure(pending, options)
  if (pending && !options.live) {
    return html`<p class="meta">${icon('clock', 's')}<span>${
      t('Waiting for a connection. It will be sent.')
    }</span></p>`
  }
  const who = name === '' ? nothing : html`<bdi class="own-lines">${name}</bdi>${apart}`
  const mark = isOurs
    ? pending
      ? SENDING()
      : message && !message.withdrawn_at
      ? TICKS[fateOf(message, thread, options.side)]()
      : nothing
    : nothing
  return html`
    <p
      class="meta"><span>${who}<time class="nowrap" datetime=${at} title=${exact(at)}>${clock(
        at,
      )}</time></span>${mark}</p>
  `
}

function failure({ nonce, problem }: Pending, options: Reading): TemplateResult {
  return html`<p class="meta wrong">${icon('alert', 's')}<span>${
    problem?.detail ?? t('It could not be sent.')
  }</span>
    <span class="nowrap"><button type="button" class="button quiet small" @click=${() =>
    options.retry?.(nonce)}>${t('Retry')}</button>
    <button type="button" class="button quiet small" @click=${() => options.discard?.(nonce)}>${
    t('Discard')
  }</button></span>
  </p>`
}

const SENDING = () => tick('clock', '', t('Sending'))

/** How far a message has come. */
export type Fate = 'sent' | 'delivered' | 'read'

export function fateOf(message: Message, thread: Thread, side: Side): Fate {
  const other = thread.marks[side === 'staff' ? 'person' : 'staff']
  if (message.seq <= other.read) return 'read'
  return message.seq <= other.delivered ? 'delivered' : 'sent'
}

/** One tick is stored, two have reached the other side, two in enamel were read there. */
const TICKS: Record<Fate, () => TemplateResult> = {
  sent: () => tick('check', '', t('Sent')),
  delivered: () => tick('checks', '', t('Delivered')),
  read: () => tick('checks', 'read', t('Read')),
}

function tick(name: string, extra: string, said: string): TemplateResult {
  return html`
    <svg class=${`icon ticks ${extra}`} aria-hidden="true">
      <use href=${`#i-${name}`}></use>
    </svg><span class="hidden">${said}</span>
  `
}

/** What staff say among themselves. */
export function note({ key, text, at, author, pending }: Said, options: Reading): TemplateResult {
  const isMine = author.id === options.author.id
  const label = t('Note by {name}, staff only', { name: isMine ? t('You') : author.name })
  return html`
    <aside class=${pending ? 'note pending' : 'note'} aria-label=${label} data-key=${key}>
      <header>${icon('sticky', 's')}<b class="own-lines"><bdi>${isMine ? t('You') : author.name}</bdi></b>
        <span>${t('to the team')} · <time datetime=${at} title=${exact(at)}>${clock(at)}</time></span>
        <span class="grow"></span><span class="row">${icon('lock', 's')}${t('Staff only')}</span></header>
      <p><span class="said" dir="auto">${linked(text)}</span></p>
      ${pending ? noteFate(pending, options) : nothing}
    </aside>
  `
}

function noteFate(pending: Pending, options: Reading): TemplateResult {
  if (pending.status === 'failed') return failure(pending, options)
  return html`<p class="meta">${icon('clock', 's')}<span>${
    options.live ? t('Sending') : t('Waiting for a connection. It will be sent.')
  }</span></p>`
}
