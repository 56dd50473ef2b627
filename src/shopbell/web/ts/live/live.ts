/**
 * Live state of one login: what this browser keeps of it at once, then the stream, the outbox and the other tabs.
 *
 * Every tab has a socket and a state of its own; one of them writes the state down, and any may send, in turns.
 */

import { type Api, createApi, isOfWhoAsks, Refusal } from './api.ts'
import { createArrivals } from './arrivals.ts'
import { type Means as Belonging, openBelongings } from './belongings.ts'
import type { Item } from './db.ts'
import type { Drafts } from './drafts.ts'
import { cursorsOf } from './fold.ts'
import { actorOf, heedOthers, loginOf, nameOf, remember, whoAsks } from './identity.ts'
import { createLoad, type Load } from './load.ts'
import { createMarking } from './marking.ts'
import { browser, connect, type World } from './protocol.ts'
import { forgetful } from './recent.ts'
import { createStore, type Store } from './store.ts'
import { createStream } from './stream.ts'
import type { Me, ServerEvent, State } from './types.ts'

export interface Live<S extends State> {
  readonly store: Store<S>
  readonly api: Api
  readonly load: Load
  /** Stands in the thread at once, and is sent in order as soon as may be. */
  post(conversation_id: string, text: string): void
  note(conversation_id: string, ticket_id: string, text: string): void
  /** Send again what was refused. */
  retry(nonce: string): void
  discard(nonce: string): void
  readonly drafts: Drafts
  /** How many things this login wrote here the server does not have; to be asked about before signing out. */
  readonly unsent: number
  /** The person, or the holder of the open ticket, has the message on their screen. */
  read(conversation_id: string, seq: number): void
  /** Somebody is typing here; may be called with every key. */
  typing(conversation_id: string): void
  /** Try to connect now. */
  reconnect(): void
  /** Ends the session, and wipes what this browser keeps of the login, in all tabs. Rejects with a Refusal. */
  signOut(): Promise<void>
  close(): void
}

export interface Options {
  /** The path the product stands under, without a slash at its end. */
  readonly base?: string
  /** In whose name the page was made, where that is known: of anybody else nothing is shown, not even at first. */
  readonly actor?: string | undefined
  readonly world?: World
  /** Another login signed in here meanwhile: nothing on the screen counts any more. By default the page loads anew. */
  readonly changed?: () => void
  /** This login has signed out, here or in another tab: what else the page keeps of it is to go at once. */
  readonly signedOut?: () => void
}

/** What one frame of typing is shown for is twice as long. */
const TYPING_MILLISECONDS = 3_000

/**
 * Live state that goes on from `first`, which is what was `found` in the login's `database` if anything was; `asking`
 * tells whether its login is still here, and `anybody` asks in nobody's name.
 */
export async function goLive(
  first: State,
  { database, found }: Pick<Belonging, 'database' | 'found'>,
  asking: Promise<Me | null>,
  anybody: Api,
  { base = '', world = browser, changed = () => location.reload(), signedOut = () => {} }: Options,
): Promise<Live<State>> {
  const { side } = first
  const actor = actorOf(first.me)
  const login = loginOf(first.me)
  const closing = new AbortController()
  let verified = false
  let keep: (state: State) => void = () => {}
  const store = createStore(first, (state) => keep(state))
  const { dispatch } = store
  const isLive = () => store.state.connection.status === 'live'
  const belongings = await openBelongings({
    name: nameOf(side, base, login),
    author: actor,
    database,
    found,
    store,
    world,
    send,
    live: isLive,
    signedOut() {
      close()
      signedOut()
      leave()
    },
  })
  const { drafts, outbox } = belongings
  keep = belongings.changed

  const named = createApi(side, base, actor)
  const api: Api = async (operation, given, signal) => {
    try {
      return await named(operation, given, signal)
    } catch (error) {
      if (error instanceof Refusal && isOfWhoAsks(error.problem)) verifyNow()
      throw error
    }
  }
  const load = createLoad(api, () => store.state, dispatch)
  const marking = createMarking((command) => protocol.send(command), world.after)
  const arrivals = createArrivals(() => store.state, marking)
  const { heard } = createStream({
    state: () => store.state,
    dispatch,
    load,
    now: world.now,
    after: world.after,
    folded,
    began: arrivals.deliverAll,
  })
  const protocol = connect(side, socketAddress(base), {
    hello() {
      const { state } = store
      if (state.side === 'person') return { actor, cursors: cursorsOf(state) }
      return state.cursor === null ? { actor } : { actor, cursor: state.cursor }
    },
    heard,
    connection(connection) {
      if (connection.status === 'signed-out') return
      dispatch({ type: 'connection', connection })
      if (!isLive()) return
      if (!verified) verifyNow()
      outbox.wake()
      marking.wake()
    },
    signedIn: () => verify(whoAsks(anybody)),
  }, world)

  verify(asking).catch(() => {/* The socket keeps trying, and asks again once it is there. */})
  heedOthers(side, base, login, closing.signal, verifyNow)

  function verifyNow() {
    verify(whoAsks(anybody)).catch(() => {/* The socket is turned away too, and asks again. */})
  }

  /** Whether this login is still the one that is signed in here; if it is not, this is its end. */
  async function verify(answer: Promise<Me | null>): Promise<boolean> {
    const me = await answer
    if (closing.signal.aborted) return false
    if (me && actorOf(me) === actor) {
      verified = true
      dispatch({ type: 'me', me })
      return true
    }
    stop()
    remember(side, base, me && loginOf(me))
    // They stay open, for what is written until the page is gone is still this login's.
    await belongings.empty()
    if (me) changed()
    else leave()
    return false
  }

  /** Stored means an answer with its number; a note goes over HTTP, where it has its only door. */
  async function send({ kind, conversation_id, ticket_id, nonce, text }: Item) {
    if (kind === 'note') {
      return await api('POST /tickets/{ticket_id}/notes', {
        path: { ticket_id: ticket_id! },
        body: { nonce, text },
      })
    }
    const { id, seq, created_at } = await protocol.send({
      type: 'post_message',
      conversation_id,
      nonce,
      text,
    })
    return { id: id!, seq: seq!, created_at: created_at! }
  }

  function folded(event: ServerEvent) {
    if (event.name === 'message_posted') arrivals.deliver(event.body)
    // Another role has other rights, which only the server knows.
    if (event.name === 'staff_changed' && event.body.staff.id === actor) verifyNow()
  }

  function leave() {
    dispatch({ type: 'connection', connection: { status: 'signed-out', since: world.now() } })
  }

  function close() {
    stop()
    belongings.close()
  }

  function stop() {
    closing.abort()
    belongings.stop()
    protocol.close()
  }

  const typedAt = new Map<string, number>()

  return {
    store,
    api,
    load: forgetful(load, store),
    post(conversation_id, text) {
      typedAt.delete(conversation_id)
      outbox.post(conversation_id, text)
    },
    note: outbox.note,
    retry: (nonce) => void outbox.retry(nonce),
    discard: (nonce) => void outbox.discard(nonce),
    drafts,
    get unsent() {
      return outbox.unsent
    },
    read: marking.read,
    typing(conversation_id) {
      const now = world.now()
      if (now - (typedAt.get(conversation_id) ?? 0) < TYPING_MILLISECONDS) return
      typedAt.set(conversation_id, now)
      protocol.typing(conversation_id)
    },
    reconnect: protocol.retry,
    async signOut() {
      await api('DELETE /session', {})
      closing.abort()
      protocol.close()
      remember(side, base, null)
      signedOut()
      await belongings.destroy().finally(leave)
    },
    close,
  }
}

function socketAddress(base: string): string {
  const address = new URL(`${base}/api/v1/live`, location.href)
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
  return address.href
}
