/** The live core on a bare page, to be asked by tests: no app around it. */

import { html, render } from 'lit-html'
import { openDatabase } from '../../src/shopbell/web/ts/live/indexed.ts'
import { myself } from '../../src/shopbell/web/ts/live/fold.ts'
import type { Live } from '../../src/shopbell/web/ts/live/live.ts'
import { openLive } from '../../src/shopbell/web/ts/live/opening.ts'
import { threadView } from '../../src/shopbell/web/ts/live/thread.ts'
import { unfetched } from '../../src/shopbell/web/ts/live/thread_fold.ts'
import type { Message, Pending, Side, State, Thread } from '../../src/shopbell/web/ts/live/types.ts'

const NELL = { side: 'person', id: 'nell', name: 'Nell Ashworth' } as const
const MAUD = { side: 'staff', id: 'maud', name: 'Maud Grummet' } as const
const START = Date.UTC(2026, 0, 5, 9)
const APART_MILLISECONDS = 45_000

let live: Live<State> | null = null
let thread: Thread = unfetched('')
let older = 0

function message(seq: number): Message {
  const author = seq % 7 < 4 ? NELL : MAUD
  const text = `Message ${seq}. ${'Some words that may wrap. '.repeat(seq * 7 % 5)}`
  const created_at = new Date(START + seq * APART_MILLISECONDS).toISOString()
  return {
    id: `talk.${seq}`,
    seq,
    kind: 'text',
    author,
    text,
    attachments: [],
    created_at,
    conversation_id: 'talk',
  }
}

function draw(): void {
  const view = threadView(thread, {
    side: 'staff',
    author: MAUD,
    label: 'Conversation with Nell',
    live: true,
    older: () => older += 1,
  })
  render(html`<main class="room">${view}</main>`, document.body)
  document.querySelector<HTMLElement>('.room')!.style.cssText =
    'display: grid; block-size: 600px; inline-size: 700px'
}

const log = () => document.querySelector<HTMLElement>('.thread')!

Object.assign(globalThis, {
  core: {
    /** Whether somebody is signed in; `kept` tells what was there before the server was asked. */
    async open(side: Side) {
      live = side === 'staff' ? await openLive('staff') : await openLive('person')
      return live !== null
    },
    openDatabase,
    live: () => live,
    state: () => live!.store.state,
    author: () => myself(live!.store.state),
    status: () => live!.store.state.connection.status,
    texts: (id: string) => live!.store.state.threads.get(id)?.messages.map(({ text }) => text) ?? [],
    pending: (id: string) =>
      live!.store.state.threads.get(id)?.pending.map(({ text, status }) => [text, status]) ?? [],
    // A thread without a server.
    show(first: number, last: number, complete = false) {
      const messages = Array.from({ length: last - first + 1 }, (_, at) => message(first + at))
      thread = { ...unfetched('talk'), loaded: true, complete, messages }
      draw()
    },
    say(seq: number) {
      thread = { ...thread, messages: [...thread.messages, message(seq)] }
      draw()
    },
    prepend(first: number) {
      const messages = Array.from({ length: thread.messages[0]!.seq - first }, (_, at) => message(first + at))
      thread = { ...thread, messages: [...messages, ...thread.messages] }
      draw()
    },
    pend(...pending: Pending[]) {
      thread = { ...thread, pending }
      draw()
    },
    /** As `pend`; the last of them was written just now. */
    write(...pending: Pending[]) {
      thread = { ...thread, pending, written: pending.at(-1)!.nonce }
      draw()
    },
    older: () => older,
    log,
    /** The first bubble in sight, and how far below the edge it begins. */
    place() {
      const edge = log().getBoundingClientRect().top
      const first = [...document.querySelectorAll<HTMLElement>('[data-key]')].find((one) =>
        one.getBoundingClientRect().bottom > edge
      )!
      return [first.dataset.key, Math.round(first.getBoundingClientRect().top - edge)]
    },
    where: (key: string) =>
      Math.round(
        document.querySelector(`[data-key="${key}"]`)!.getBoundingClientRect().top -
          log().getBoundingClientRect().top,
      ),
    fromEnd: () => Math.round(log().scrollHeight - log().scrollTop - log().clientHeight),
  },
})
