/**
 * What was written here and is not stored by the server yet: kept in the browser, sent in order by one tab at a time.
 *
 * An item is in the database before it is sent, and leaves it only with the server's answer. Sent again it carries
 * the same nonce, so it is stored once however often it is sent. A database that fails costs no text: what is in
 * memory is sent from there. What the login has written for another of its businesses waits until it works there.
 */

import { mayPass, Refusal } from './api.ts'
import type { Database, Item } from './db.ts'
import type { Acknowledged, Change } from './changes.ts'
import type { Pending, Problem } from './types.ts'
import { newNonce } from './nonce.ts'

export interface Outbox {
  /** Draws at once as pending, and is sent as soon as may be. */
  post(conversation_id: string, text: string): void
  note(conversation_id: string, ticket_id: string, text: string): void
  /** Send again what was refused. */
  retry(nonce: string): Promise<void>
  /** Forget what was refused, or is not sent yet. */
  discard(nonce: string): Promise<void>
  /** How many are not stored by the server: those that were refused and those for other businesses included. */
  readonly unsent: number
  /** The connection is live: send. */
  wake(): void
  /** Another tab has changed the database. */
  reread(): Promise<void>
  close(): void
}

export interface Means {
  readonly database: Database
  /** The staff member or person who writes here. */
  readonly author: string
  dispatch(change: Change): void
  /** Resolves once the item is stored. Rejects with a Refusal, or with anything else when nobody can know. */
  send(item: Item): Promise<Omit<Acknowledged, 'type' | 'conversation_id' | 'nonce'>>
  /** Whether sending can be tried now. */
  live(): boolean
  /** Run the work while no other tab of this login runs such work. */
  alone(work: () => Promise<void>): Promise<void>
  /** There is nowhere to keep what is written, so that it is sent from memory. */
  unkept(): void
  /** The server has refused something for good. */
  refused(problem: Problem): void
  /** Tell the other tabs that the database changed, or that an item is stored. */
  tell(news: 'outbox' | Acknowledged): void
  after(milliseconds: number, then: () => void): () => void
}

const AGAIN_SECONDS = 2
/** A database that fails goes on holding what it had: sent again later, its nonce makes that harmless. */
const UNKEPT = () => {}

export async function openOutbox(means: Means): Promise<Outbox> {
  const { database, dispatch } = means
  let items: readonly Draft[] = []
  let elsewhere = 0
  /** Stored or discarded here; the database goes on telling of them until it has heard of that. */
  const gone = new Set<string>()
  /** Refused or to be sent again, and on their way to the database as that. */
  const changing = new Map<string, Draft>()
  let sending: string | null = null
  let adding: Promise<unknown> = Promise.resolve()
  let draining: Promise<void> | null = null
  let stopTimer: (() => void) | null = null
  let closed = false

  const draw = (conversation_id: string, written?: string) => {
    const pending = items.filter((item) => item.conversation_id === conversation_id).map(drawn)
    dispatch({ type: 'pending', conversation_id, pending, ...(written === undefined ? {} : { written }) })
  }

  /** Those that are refused from now on, as this tab or another has learned, are told. */
  const become = (after: readonly Draft[]) => {
    const due = new Set(items.filter(isDue).map(({ nonce }) => nonce))
    items = after
    for (const { nonce, problem } of after) if (problem && due.has(nonce)) means.refused(problem)
  }

  const drawn = (item: Draft): Pending => {
    const { nonce, kind, ticket_id, text, at, problem } = item
    const status = problem ? 'failed' : nonce === sending ? 'sending' : 'waiting'
    return {
      nonce,
      kind,
      text,
      at,
      status,
      ...(ticket_id ? { ticket_id } : {}),
      ...(problem ? { problem } : {}),
    }
  }

  const add = (item: Omit<Item, 'order' | 'author' | 'nonce' | 'at'>) => {
    const draft: Draft = { ...item, author: means.author, nonce: newNonce(), at: new Date().toISOString() }
    items = [...items, draft]
    draw(item.conversation_id, draft.nonce)
    // Asked for at once, for the page may be gone the next moment; the database keeps the order of the asking.
    const added = database.add(draft)
    // Heard of in its turn, below.
    added.catch(UNKEPT)
    adding = adding.then(() => added).then((order) => {
      items = items.map((one) => one.nonce === draft.nonce ? { ...one, order } : one)
    }, means.unkept)
    adding.then(() => {
      means.tell('outbox')
      wake()
    })
  }

  const reread = async () => {
    await adding
    const kept = await database.outbox().catch(() => null)
    if (!kept) return
    const mine = kept.filter(({ author, nonce }) => author === means.author && !gone.has(nonce))
      .map((item) => changing.get(item.nonce) ?? item)
    elsewhere = kept.filter(({ author }) => author !== means.author).length
    const inDatabase = new Set(mine.map(({ nonce }) => nonce))
    const unkept = items.filter((item) => item.order === undefined && !inDatabase.has(item.nonce))
    const touched = new Set([...items, ...mine].map((item) => item.conversation_id))
    become([...mine, ...unkept])
    touched.forEach((id) => draw(id))
  }

  const wake = () => {
    if (closed || draining || !means.live() || !items.some(isDue)) return
    endTimer()
    draining = means.alone(drain).catch(() => later()).finally(() => {
      draining = null
      // Something may have been added after the last look and before the lock was given back.
      if (items.some(isDue) && goesOn) wake()
    })
  }

  let goesOn = true

  const endTimer = () => {
    stopTimer?.()
    stopTimer = null
  }

  const later = (seconds?: number) => {
    goesOn = false
    endTimer()
    if (closed) return
    stopTimer = means.after((seconds ?? AGAIN_SECONDS) * 1_000, () => {
      stopTimer = null
      wake()
    })
  }

  const drain = async () => {
    goesOn = true
    await reread()
    for (;;) {
      const item = items.find(isDue)
      if (!item || closed) return
      if (!(await sent(item))) return
    }
  }

  /** Whether the next one may be tried. */
  const sent = async (item: Draft): Promise<boolean> => {
    sending = item.nonce
    draw(item.conversation_id)
    try {
      const { id, seq, created_at } = await means.send(item as Item)
      await settle(item, { id, seq, created_at })
      return true
    } catch (error) {
      sending = null
      if (error instanceof Refusal && !mayPass(error.problem)) {
        await change({ ...item, problem: error.problem })
        return true
      }
      draw(item.conversation_id)
      later(error instanceof Refusal ? error.problem.retry_after : undefined)
      return false
    }
  }

  const settle = async (item: Draft, stored: { id: string; seq: number; created_at: string }) => {
    const { conversation_id, nonce } = item
    const news: Acknowledged = { type: 'acknowledged', conversation_id, nonce, ...stored }
    sending = null
    drop(nonce)
    dispatch(news)
    const removed = database.remove(nonce).catch(UNKEPT)
    // A database in which it is not yet keeps the next one waiting no longer than it has to.
    if (item.order !== undefined) await removed
    means.tell(news)
  }

  const drop = (nonce: string) => {
    gone.add(nonce)
    items = items.filter((one) => one.nonce !== nonce)
  }

  const change = async (item: Draft) => {
    changing.set(item.nonce, item)
    become(items.map((one) => one.nonce === item.nonce ? item : one))
    draw(item.conversation_id)
    if (item.order !== undefined) await database.put(item as Item).catch(UNKEPT)
    changing.delete(item.nonce)
    means.tell('outbox')
  }

  await reread()

  return {
    post: (conversation_id, text) => add({ kind: 'message', conversation_id, text }),
    note: (conversation_id, ticket_id, text) => add({ kind: 'note', conversation_id, ticket_id, text }),
    async retry(nonce) {
      const item = items.find((one) => one.nonce === nonce)
      if (!item?.problem) return
      const { problem: _, ...due } = item
      await change(due)
      wake()
    },
    async discard(nonce) {
      const item = items.find((one) => one.nonce === nonce)
      if (!item || nonce === sending) return
      drop(nonce)
      draw(item.conversation_id)
      // Asked for at once, as when adding.
      await database.remove(nonce).catch(UNKEPT)
      means.tell('outbox')
    },
    get unsent() {
      return items.length + elsewhere
    },
    wake,
    async reread() {
      await reread()
      // Whoever wrote it sends it, unless it has gone before it could.
      if (!draining && !stopTimer && items.some(isDue)) later()
    },
    close() {
      closed = true
      endTimer()
    },
  }
}

/** An item; without `order` while it is on its way to the database. */
type Draft = Omit<Item, 'order'> & { readonly order?: number }

function isDue(item: Draft): boolean {
  return item.problem === undefined
}
