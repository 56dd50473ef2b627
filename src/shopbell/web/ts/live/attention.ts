/** What the reader of the thread on show has seen, and what a screen reader says of it; a page shows one at a time. */

import { announce } from '../base/dom.ts'
import { n, t } from '../base/texts.ts'
import { inWords } from './thread_fold.ts'
import type { Message, Side, Thread } from './types.ts'

export type Seen = (seq: number) => void

let atEnd = false
let shown: { thread: Thread; seen: Seen } | null = null
let isWatching = false

/** The thread stands on the screen, with or without its newest message in sight. */
export function look(isAtEnd: boolean, thread: Thread, seen: Seen): void {
  atEnd = isAtEnd
  shown = { thread, seen }
  if (!isWatching) {
    isWatching = true
    document.addEventListener('visibilitychange', seeAll)
  }
  seeAll()
}

function seeAll(): void {
  if (!atEnd || !shown || document.visibilityState !== 'visible') return
  const last = shown.thread.messages.at(-1)
  if (last) shown.seen(last.seq)
}

/** Several messages that come together are said as a number, not one after the other. */
const CHATTER_MILLISECONDS = 700
const SAID_CHARACTERS = 300

let heardId = ''
let heardSeq = 0
let news: Message[] = []

/** Have new messages of the other side said, each message once and none of those that were there before. */
export function hear(thread: Thread, side: Side): void {
  const last = thread.messages.at(-1)?.seq ?? 0
  if (thread.id !== heardId || heardSeq === 0) {
    heardId = thread.id
    heardSeq = last
    news = []
    return
  }
  if (last <= heardSeq) return
  const fresh = thread.messages.slice(-20).filter((message) =>
    message.seq > heardSeq && isNews(message, side)
  )
  heardSeq = last
  if (!fresh.length) return
  if (!news.length) setTimeout(sayNews, CHATTER_MILLISECONDS)
  news.push(...fresh)
}

function isNews(message: Message, side: Side): boolean {
  const isOurs = (message.author.side !== 'person') === (side === 'staff')
  return !isOurs && message.kind !== 'feedback_request' && !message.withdrawn_at
}

function sayNews(): void {
  const [first] = news
  if (!first) return
  if (news.length > 1) announce(n('One new message', '{count} new messages', news.length))
  else {announce(
      t('{name} says: {text}', { name: first.author.name, text: inWords(first).slice(0, SAID_CHARACTERS) }),
    )}
  news = []
}
