/** The socket: says hello with cursors, hands on what comes, answers commands, and comes back when it breaks. */

import { Refusal } from './api.ts'
import { pause } from './backoff.ts'
import type { ClientFrame, Ok, Refused, ServerFrame } from './generated/events.ts'
import type { Connection, Problem, ServerEvent, Side } from './types.ts'

export type Frame = ServerFrame | ServerEvent
export type Command = Unreferred<Exclude<ClientFrame, { type: 'hello' | 'typing' }>>
type Unreferred<T> = T extends unknown ? Omit<T, 'ref'> : never

export interface Listener {
  /**
   * At the moment of saying hello: whom the page is for, so that it hears nobody else's, and the cursors of what is
   * folded in, `{ cursors }`, or `{ cursor }` for staff.
   */
  hello(): { actor?: string; cursors?: Readonly<Record<string, string>>; cursor?: string }
  /** What came in one frame, in order; never an answer to a command. `ready` is the first of each connection. */
  heard(frames: readonly Frame[]): void
  connection(connection: Connection): void
  /** Asked when the server turned the socket away: whether the session lives. Rejects when that cannot be known. */
  signedIn(): Promise<boolean>
}

export interface Protocol {
  /** Resolves once it is stored. Rejects with a Refusal, or with Lost when nobody can know: then send it again. */
  send(command: Command): Promise<Ok>
  typing(conversation_id: string): void
  /** Come back now instead of after the pause. */
  retry(): void
  close(): void
}

/** No answer came before the connection ended, or there was none. */
export class Lost extends Error {}

/** What the socket needs of the browser; tests bring their own. */
export interface World {
  open(address: string): WebSocket
  now(): number
  random(): number
  after(milliseconds: number, then: () => void): () => void
  /** Calls when the network is back or gone, or the page is looked at again. Returns the end of it. */
  woken(then: () => void): () => void
}

/** A connection that ends sooner than this after `ready` counts as a try in vain. */
const STEADY_MILLISECONDS = 5_000
const READY_MILLISECONDS = 12_000
const ANSWER_MILLISECONDS = 15_000
/** A line that carried nothing for so long is tried by a command that is refused whatever happens. */
const QUIET_MILLISECONDS = 45_000
const PROBE_MILLISECONDS = 6_000
const PROBE: Command = { type: 'mark_delivered', conversation_id: '0', seq: 0 }

const NOT_ALLOWED = 1008
/** What a client of ours should never be told; coming back at once would only repeat it. */
const MISTAKES = new Set([1002, 1003, 1007, 1009])
const MANY = 5

interface Waiting {
  readonly done: (ok: Ok) => void
  readonly failed: (error: Error) => void
  readonly giveUp: () => void
}

/** Keep a socket open to `address` until `close`; `token` is for programs that have no cookie. */
export function connect(
  side: Side,
  address: string,
  listener: Listener,
  world: World = browser,
  token?: string,
): Protocol {
  let socket: WebSocket | null = null
  let live = false
  let closed = false
  let vain = 0
  let refs = 0
  let readyAt = 0
  let waiting = new Map<number, Waiting>()
  let stopTimer = () => {}
  let stopRetry = () => {}

  const tell = (status: Connection['status'], retryAt?: number) =>
    listener.connection({ status, since: world.now(), ...(retryAt === undefined ? {} : { retryAt }) })

  const open = () => {
    stopRetry()
    if (closed || socket) return
    tell('connecting')
    const opened = world.open(address)
    socket = opened
    stopTimer = world.after(READY_MILLISECONDS, () => over(opened, 0))
    opened.onopen = () => {
      if (opened !== socket) return
      const hello: ClientFrame = { type: 'hello', as: side, ...listener.hello(), ...(token ? { token } : {}) }
      opened.send(JSON.stringify(hello))
    }
    opened.onmessage = ({ data }) => {
      if (opened === socket) took(opened, JSON.parse(data as string))
    }
    opened.onclose = ({ code }) => over(opened, code)
  }

  const took = (from: WebSocket, joined: Frame | Frame[]) => {
    const frames: Frame[] = []
    for (const frame of Array.isArray(joined) ? joined : [joined]) {
      if (frame.type === 'ok' || frame.type === 'refused') answered(frame)
      else frames.push(frame)
    }
    if (!live && frames[0]?.type === 'ready') {
      live = true
      readyAt = world.now()
      tell('live')
    }
    listen(from)
    if (frames.length) listener.heard(frames)
  }

  /** A connection can die without a word; silence is therefore tried. */
  const listen = (from: WebSocket) => {
    if (!live) return
    stopTimer()
    stopTimer = world.after(QUIET_MILLISECONDS, () => probe(from))
  }

  const probe = (from: WebSocket) => {
    if (from !== socket || !live) return
    stopTimer()
    stopTimer = world.after(PROBE_MILLISECONDS, () => over(from, 0))
    ask(PROBE).catch(() => {})
  }

  const answered = (frame: Ok | Refused) => {
    const asked = waiting.get(frame.ref as number)
    if (!asked) return
    waiting.delete(frame.ref as number)
    asked.giveUp()
    if (frame.type === 'ok') asked.done(frame)
    else asked.failed(new Refusal(frame.problem as unknown as Problem))
  }

  const ask = (command: Command): Promise<Ok> =>
    new Promise((done, failed) => {
      const through = socket
      if (!through || !live) return failed(new Lost('not connected'))
      refs += 1
      const giveUp = world.after(ANSWER_MILLISECONDS, () => over(through, 0))
      waiting.set(refs, { done, failed, giveUp })
      through.send(JSON.stringify({ ...command, ref: refs }))
    })

  /** The end of one connection; code 0 is our own judgement that it is dead. */
  const over = (from: WebSocket, code: number) => {
    if (from !== socket) return
    socket = null
    stopTimer()
    from.onopen = from.onmessage = from.onclose = null
    if (code === 0) from.close()
    vain = live && world.now() - readyAt >= STEADY_MILLISECONDS ? 0 : vain + 1
    live = false
    const left = waiting
    waiting = new Map()
    for (const asked of left.values()) {
      asked.giveUp()
      asked.failed(new Lost('the connection ended'))
    }
    if (closed) return
    if (MISTAKES.has(code)) vain = Math.max(vain, MANY)
    if (code === NOT_ALLOWED) listener.signedIn().then(again, () => again(true))
    else again(true)
  }

  const again = (signedIn: boolean) => {
    if (closed) return
    if (!signedIn) {
      close()
      tell('signed-out')
      return
    }
    if (socket) return
    const wait = pause(Math.max(0, vain - 1), world.random())
    stopRetry()
    stopRetry = world.after(wait, open)
    tell('offline', world.now() + wait)
  }

  const retry = () => {
    if (closed) return
    if (!socket) open()
    else probe(socket)
  }
  const asleep = world.woken(retry)

  const close = () => {
    closed = true
    asleep()
    stopRetry()
    const from = socket
    if (!from) return
    over(from, 1000)
    from.close(1000)
  }

  open()
  return {
    send: ask,
    typing(conversation_id) {
      if (live) socket!.send(JSON.stringify({ type: 'typing', conversation_id }))
    },
    retry,
    close,
  }
}

export const browser: World = {
  open: (address) => new WebSocket(address),
  now: () => Date.now(),
  random: () => Math.random(),
  after(milliseconds, then) {
    const timer = setTimeout(then, milliseconds)
    return () => clearTimeout(timer)
  },
  woken(then) {
    const seen = () => document.visibilityState === 'visible' && then()
    globalThis.addEventListener('online', then)
    globalThis.addEventListener('offline', then)
    document.addEventListener('visibilitychange', seen)
    return () => {
      globalThis.removeEventListener('online', then)
      globalThis.removeEventListener('offline', then)
      document.removeEventListener('visibilitychange', seen)
    }
  },
}
