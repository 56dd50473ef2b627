/** A thread as both apps draw it: one template for what is confirmed and what is not, and only what is near the eye. */

import { html, nothing, type TemplateResult } from 'lit-html'
import { t } from '../base/texts.ts'
import { day } from '../base/time.ts'
import { icon } from '../ui/icon.ts'
import { hear, look } from './attention.ts'
import { awaited, refused } from './awaited.ts'
import { face, fateOf, group, note, type Reading } from './bubble.ts'
import { guess } from './guess.ts'
import { createLines, type Happening, type Line, type Said } from './lines.ts'
import type { Message, Problem, Thread } from './types.ts'
import { windowed } from './window.ts'

type Words = TemplateResult | string

export interface ThreadOptions extends Reading {
  /** What the log is called, such as "Conversation with Amara Okafor". */
  readonly label: string
  /** Lines between the messages. The same array as long as nothing in it changed. */
  readonly events?: readonly Happening<Words>[]
  /** In place of a request for feedback; without it nothing is drawn there. */
  ask?(message: Message): Words | typeof nothing
  /** Under the newest line. */
  readonly foot?: TemplateResult | typeof nothing
  /** Why its newest page could not be fetched; without it, it is on its way. */
  readonly missing?: Problem | undefined
  /** Try once more to fetch it. */
  again(): void
  /** The reader is near the oldest message that is here. */
  older?(): void
  /** The reader has seen everything up to that message. Called again and again with the same. */
  seen?(seq: number): void
}

type Last = { readonly kind: 'typing'; readonly key: string } | {
  readonly kind: 'foot'
  readonly key: string
}
type Awaited = { readonly kind: 'awaited'; readonly key: string }
type Drawn = Line<Words> | Last | Awaited

const NO_EVENTS: readonly Happening<Words>[] = []
const TYPING: Drawn = { kind: 'typing', key: 'typing' }
const FOOT: Drawn = { kind: 'foot', key: 'foot' }
const AWAITED: Drawn = { kind: 'awaited', key: 'awaited' }
/** Of either, until it was measured. */
const FOOT_PIXELS = 60
const AWAITED_PIXELS = 260

// A page shows one thread at a time.
const lines = createLines<Words>()

/** The scrolling log of a thread. */
export function threadView(thread: Thread, options: ThreadOptions): TemplateResult {
  const { side, label, events = NO_EVENTS, foot = nothing } = options
  hear(thread, side)
  const typing = thread.typing.filter(({ author }) => author.id !== options.author.id)
  const said = lines(thread, events, options)
  const first = thread.loaded ? [] : [AWAITED]
  const last = [...(typing.length ? [TYPING] : []), ...(foot === nothing ? [] : [FOOT])]
  return html`
    <div class="thread" role="log" aria-live="off" aria-busy=${!thread.loaded &&
      !options.missing} aria-label=${label} tabindex="0">
      ${windowed<Drawn>({
        id: thread.id,
        // The same array as long as nothing in it changed.
        lines: first.length || last.length ? [...first, ...said, ...last] : said,
        keyOf: (line) => line.key,
        keysOf: (line) => line.kind === 'group' ? line.said.map((said) => said.key) : [line.key],
        draw: (line) => drawn(line, thread, options),
        partsOf: (line) => partsOf(line, thread, options),
        guess: guessed,
        newest: String(thread.messages.at(-1)?.seq),
        own: thread.written ?? '',
        nearStart: () => thread.loaded && !thread.complete && options.older?.(),
        atEnd: (isAtEnd) => look(isAtEnd, thread, (seq) => options.seen?.(seq)),
        newer,
      })}
    </div>
  `
}

function guessed(line: Drawn, width: number): number {
  if (line.kind === 'awaited') return AWAITED_PIXELS
  return line.kind === 'typing' || line.kind === 'foot' ? FOOT_PIXELS : guess(line, width)
}

function drawn(line: Drawn, thread: Thread, options: ThreadOptions): TemplateResult {
  switch (line.kind) {
    case 'day':
      return html`<p class="day"><span>${day(line.at)}</span></p>`
    case 'group':
      return group(line.said, line.mine, thread, options)
    case 'note':
      return note(line.said, options)
    case 'ask':
      return html`<div class="event" data-key=${line.key}>${options.ask?.(line.message) ?? nothing}</div>`
    case 'event':
      return html`<p class="event" data-key=${line.key}>${line.event.words}</p>`
    case 'awaited':
      return options.missing ? refused(options.missing, options.again) : awaited()
    case 'typing':
      return typist(thread, options)
    case 'foot':
      return html`<div class="foot-line">${options.foot}</div>`
  }
}

/** What the drawing of a line follows from; of what is seldom there, nobody keeps count. */
function partsOf(line: Drawn, thread: Thread, options: ThreadOptions): readonly unknown[] | null {
  switch (line.kind) {
    case 'day':
      return [day(line.at)]
    case 'group':
      return groupParts(line.said, line.mine, thread, options)
    case 'note':
      return [line.said.pending, options.live]
    case 'event':
      return [line.event.words]
    default:
      return null
  }
}

function groupParts(
  said: readonly Said[],
  isOurs: boolean,
  thread: Thread,
  { side, live }: Reading,
): readonly unknown[] {
  const { message, pending } = said.at(-1)!
  return [
    ...said.map((one) => one.message ?? one.pending),
    isOurs && message && fateOf(message, thread, side),
    pending && live,
  ]
}

function typist(thread: Thread, options: ThreadOptions): TemplateResult {
  const { author } = thread.typing.findLast((one) => one.author.id !== options.author.id)!
  const said = t('{name} is typing', { name: author.name })
  return html`
    <div class="message" aria-label=${said}>
      ${face(author)}
      <div class="parts"><p class="speech typing" aria-hidden="true"><i></i><i></i><i></i></p><p class="meta">${said}</p></div>
    </div>
  `
}

function newer(press: () => void): TemplateResult {
  return html`
    <div
      class="newer"><button type="button" class="button plain small" @click=${press}>${icon('down', 's')}${t(
        'New messages',
      )}</button></div>
  `
}
