/**
 * Live state of one login: what this browser keeps of it at once, then the stream, the outbox and the other tabs.
 *
 * Every tab has a socket and a state of its own; one of them writes the state down, and any may send, in turns.
 */

import { type Api, createApi } from './api.ts'
import { type Item, openDatabase } from './db.ts'
import { cursorsOf, emptyDesk, emptyMember } from './fold.ts'
import { loginKey, nameOf, remember, remembered, whoAsks } from './identity.ts'
import { type Keeping, keepInTurn } from './keeping.ts'
import { createLoad, type Load } from './load.ts'
import { createMarking } from './marking.ts'
import { openOutbox } from './outbox.ts'
import { browser, connect, type World } from './protocol.ts'
import { readState } from './rows.ts'
import { createStore } from './store.ts'
import { createStream } from './stream.ts'
import { type News, openTabs } from './tabs.ts'
import type { DeskState, Me, MemberState, Message, ServerEvent, Side, State, Store } from './types.ts'

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
  /** How many things written here the server does not have; to be asked about before signing out. */
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
  readonly world?: World
  /** Another login signed in here meanwhile: nothing on the screen counts any more. By default the page loads anew. */
  readonly changed?: () => void
}

/** What one frame of typing is shown for is twice as long. */
const TYPING_MILLISECONDS = 3_000
/** Threads in memory; those that were opened longest ago go first. */
const THREADS = 60

/**
 * The live state of whoever is signed in on that side, or null if nobody is.
 *
 * What was kept in this browser is there when it resolves, before the server was asked. Rejects with a Refusal when
 * nothing is kept and the server cannot be reached.
 */
export function openLive(side: 'staff', options?: Options): Promise<Live<DeskState> | null>
export function openLive(side: 'person', options?: Options): Promise<Live<MemberState> | null>
export async function openLive(side: Side, options: Options = {}): Promise<Live<State> | null> {
  const { base = '' } = options
  const api = createApi(side, base)
  const asking = whoAsks(api)
  // Whoever waits for it hears of a failure; until then it is nobody's.
  asking.catch(() => {})
  const key = remembered(side, base)
  const kept = key === null ? null : await readKept(side, nameOf(side, base, key))
  if (kept) return begin(kept, true, asking, api, options)
  const me = await asking
  if (!me) return null
  if (key !== null && key !== loginKey(me)) await wipe(nameOf(side, base, key))
  remember(side, base, loginKey(me))
  return begin(me.side === 'staff' ? emptyDesk(me) : emptyMember(me), false, asking, api, options)
}

async function readKept(side: Side, name: string): Promise<State | null> {
  const database = await openDatabase(name)
  const state = await readState(database, side).catch(() => null)
  database.close()
  return state
}

/** Drop the rows of a login that is here no more; what it has not sent waits for it. */
async function wipe(name: string): Promise<void> {
  const database = await openDatabase(name)
  await database.write([], [], true).finally(() => database.close())
}

async function begin(
  first: State,
  wasKept: boolean,
  asking: Promise<Me | null>,
  api: Api,
  { base = '', world = browser, changed = () => location.reload() }: Options,
): Promise<Live<State>> {
  const { side } = first
  const key = loginKey(first.me)
  const name = nameOf(side, base, key)
  const closing = new AbortController()
  const database = await openDatabase(name)

  let keeping: Keeping | null = null
  let verified = false
  const store = createStore(first, (state) => keeping?.changed(state))
  const { dispatch } = store
  const isLive = () => store.state.connection.status === 'live'

  const outbox = await openOutbox({
    database,
    dispatch,
    send,
    live: isLive,
    alone: (work) => tabs.alone('outbox', work),
    tell: (news) => tabs.tell(news),
    after: world.after,
  })
  const tabs = openTabs(name, told)
  outbox.reread()
  keeping = keepInTurn(database, tabs, wasKept ? first : null, () => store.state)

  const load = createLoad(api, () => store.state, dispatch)
  const marking = createMarking((command) => protocol.send(command), world.after)
  const { heard } = createStream({
    state: () => store.state,
    dispatch,
    load,
    now: world.now,
    after: world.after,
    folded,
    began: deliverAll,
  })
  const protocol = connect(side, socketAddress(base), {
    hello() {
      const { state } = store
      if (state.side === 'person') return { cursors: cursorsOf(state) }
      return state.cursor === null ? {} : { cursor: state.cursor }
    },
    heard,
    connection(connection) {
      if (connection.status === 'signed-out') return
      dispatch({ type: 'connection', connection })
      if (!isLive()) return
      if (!verified) verify(whoAsks(api)).catch(() => {})
      outbox.wake()
      marking.wake()
    },
    signedIn: () => verify(whoAsks(api)),
  }, world)

  verify(asking).catch(() => {/* The socket keeps trying, and asks again once it is there. */})
  const hidden = () => document.visibilityState === 'hidden' && keeping?.flush()
  document.addEventListener('visibilitychange', hidden, { signal: closing.signal })

  /** Whether this login is still the one that is signed in here; if it is not, this is its end. */
  async function verify(answer: Promise<Me | null>): Promise<boolean> {
    const me = await answer
    if (closing.signal.aborted) return false
    if (me && loginKey(me) === key) {
      verified = true
      dispatch({ type: 'me', me })
      return true
    }
    end()
    remember(side, base, me && loginKey(me))
    await wipe(name)
    if (me) changed()
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

  function told(news: News) {
    if (news === 'signed-out') return end()
    if (news !== 'outbox') dispatch(news)
    outbox.reread()
  }

  function folded(event: ServerEvent) {
    if (event.name === 'message_posted') deliver(event.body)
    // Another role has other rights, which only the server knows.
    if (event.name === 'staff_changed' && event.body.staff.id === key) verify(whoAsks(api)).catch(() => {})
  }

  /** A message from the other side has arrived; among staff at who holds the ticket, or at all of them. */
  function deliver(message: Message) {
    const { state } = store
    if (message.author.side === side || message.kind === 'feedback_request') return
    const holder = state.side === 'staff' ? state.tickets.get(message.ticket_id ?? '')?.holder : null
    if (!holder || holder.id === key) marking.delivered(message.conversation_id!, message.seq)
  }

  function deliverAll() {
    const { state } = store
    if (state.side === 'staff') return
    for (const { last_message, unread } of state.conversations.values()) {
      if (last_message && unread) deliver(last_message)
    }
  }

  function end() {
    close()
    dispatch({ type: 'connection', connection: { status: 'signed-out', since: world.now() } })
  }

  function close() {
    closing.abort()
    keeping?.stop()
    protocol.close()
    outbox.close()
    tabs.close()
    database.close()
  }

  const typedAt = new Map<string, number>()
  let opened: readonly string[] = []

  function forgetOld(conversation_id: string) {
    opened = [conversation_id, ...opened.filter((id) => id !== conversation_id)].slice(0, THREADS)
    const { threads } = store.state
    const old = [...threads.values()].filter(({ id, pending }) => !opened.includes(id) && !pending.length)
    const gone = old.slice(0, Math.max(0, threads.size - THREADS))
    if (gone.length) dispatch({ type: 'forget', conversation_ids: gone.map(({ id }) => id) })
  }

  return {
    store,
    api,
    load: {
      ...load,
      thread(conversation_id) {
        forgetOld(conversation_id)
        return load.thread(conversation_id)
      },
    },
    post(conversation_id, text) {
      typedAt.delete(conversation_id)
      outbox.post(conversation_id, text)
    },
    note: outbox.note,
    retry: (nonce) => void outbox.retry(nonce),
    discard: (nonce) => void outbox.discard(nonce),
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
      tabs.tell('signed-out')
      remember(side, base, null)
      end()
      await database.destroy()
    },
    close,
  }
}

function socketAddress(base: string): string {
  const address = new URL(`${base}/api/v1/live`, location.href)
  address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:'
  return address.href
}
