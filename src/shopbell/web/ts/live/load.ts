/** Fetching what the state does not hold: every answer is folded together with what was heard while it was on its way. */

import type { Api, Given } from './api.ts'
import type { Change, Page, PageBody, ThreadPage } from './changes.ts'
import type { Fetched, HistoryItem, Note, ServerEvent, State } from './types.ts'

/** The parameters of `GET /tickets` but for those of paging. */
export type View = Omit<NonNullable<Given<'GET /tickets'>['query']>, 'limit' | 'after'>

/** All reject with a Refusal; what came before one is folded. Asked twice at once, the same is fetched once. */
export interface Load {
  /** The newest page of a thread, or nothing when it is here; it is then the thread on show. */
  thread(conversation_id: string): Promise<void>
  /** The page before what is here. */
  older(conversation_id: string): Promise<void>
  /** The next page of a view of the panel, from the first one with `anew`; answers its ids, for a search. */
  view(key: string, view: View, anew?: boolean): Promise<readonly string[]>
  /** The next page of a view beside the one on show, as to know who waits. */
  beside(key: string, view: View): Promise<readonly string[]>
  /** A ticket with its feedback, history and notes; it is then the ticket on show. */
  ticket(ticket_id: string): Promise<void>
  /** Only the row. */
  row(ticket_id: string): Promise<void>
  member(person_id: string): Promise<void>
  staff(): Promise<void>
}

export interface Loading extends Load {
  /** Every event of the stream, for pages that are on their way. */
  heard(event: ServerEvent): void
  /** A person's conversations and memberships. */
  lists(): Promise<void>
  /** Fetch what is on show and not here: asked for while everything was fetched anew, it may have gone with the rest. */
  mend(): void
  /** What is needed to begin, or to begin again: everything that is on show. */
  begin(): Promise<readonly Page[]>
}

const LIMIT = 50
const MOST = 100

/** Loads for one state. */
export function createLoad(api: Api, state: () => State, dispatch: (change: Change) => void): Loading {
  const flights = new Map<string, Promise<unknown>>()
  const listening = new Set<ServerEvent[]>()
  let shownThread: string | null = null
  let shownTicket: string | null = null
  let shownView: { key: string; view: View } | null = null

  /** Ask for pages and fold them, with the events heard since. */
  const folded = <T>(key: string, ask: () => Promise<Found<T>>): Promise<T> => {
    const flying = flights.get(key)
    if (flying) return flying as Promise<T>
    const since: ServerEvent[] = []
    listening.add(since)
    const flight = ask().then(({ pages, answer }) => {
      for (const page of pages) dispatch(since.length ? { ...page, since: [...since] } : page)
      return answer
    }).finally(() => {
      listening.delete(since)
      flights.delete(key)
    })
    flights.set(key, flight)
    return flight
  }

  const plainly = (key: string, ask: () => Promise<readonly PageBody[]>): Promise<void> =>
    folded(key, async () => ({ pages: await ask(), answer: undefined }))

  const threadPage = async (conversation_id: string, before?: number): Promise<PageBody[]> => {
    const given = {
      path: { conversation_id },
      query: before === undefined ? { limit: LIMIT } : { limit: LIMIT, before },
    }
    const page = await api('GET /conversations/{conversation_id}/messages', given)
    return [{ type: 'thread', page: page as ThreadPage, newest: before === undefined }]
  }

  const viewPage = async (key: string, view: View, after: string | null) => {
    const query = { ...view, limit: LIMIT, ...(after === null ? {} : { after }) }
    const { items, next, cursor } = await api('GET /tickets', { query })
    const page: PageBody = { type: 'tickets', items, next, cursor, view: key }
    return { pages: [page], answer: items.map((item) => item.id) }
  }

  const fetchedOf = (key: string): Fetched | undefined => {
    const now = state()
    return now.side === 'staff' ? now.views.get(key) : undefined
  }

  const nextOf = (key: string, view: View, fetched: Fetched | undefined): Promise<readonly string[]> => {
    if (fetched?.next === null) return Promise.resolve([])
    return folded(`view ${key}`, () => viewPage(key, view, fetched?.next ?? null))
  }

  const ticketPages = async (ticket_id: string): Promise<PageBody[]> => {
    const path = { ticket_id }
    const [{ feedback, cursor, ...ticket }, history, notes] = await Promise.all([
      api('GET /tickets/{ticket_id}', { path }),
      every((after) => api('GET /tickets/{ticket_id}/history', { path, query: { limit: MOST, ...after } })),
      every((after) => api('GET /tickets/{ticket_id}/notes', { path, query: { limit: MOST, ...after } })),
    ])
    const { conversation_id } = ticket
    return [
      { type: 'tickets', items: [ticket], cursor },
      { type: 'feedback', ticket_id, items: feedback, cursor },
      { type: 'history', ticket_id, items: history.items as HistoryItem[], cursor: history.cursor! },
      { type: 'notes', conversation_id, items: notes.items as Note[], cursor: notes.cursor! },
    ]
  }

  const memberLists = async (): Promise<PageBody[]> => {
    const [conversations, memberships] = await Promise.all([
      every((after) => api('GET /conversations', { query: { limit: MOST, ...after } })),
      every((after) => api('GET /memberships', { query: { limit: MOST, ...after } })),
    ])
    return [
      { type: 'conversations', items: conversations.items, cursors: conversations.cursors },
      { type: 'memberships', items: memberships.items, cursors: memberships.cursors },
      { type: 'listed' },
    ]
  }

  const counts = async (): Promise<PageBody[]> => [{ type: 'counts', ...(await api('GET /desk', {})) }]

  const team = async (): Promise<PageBody[]> => {
    const { items } = await every((after) => api('GET /staff', { query: { limit: MOST, ...after } }))
    return [{ type: 'staff', items }]
  }

  const load: Loading = {
    heard(event) {
      for (const since of listening) since.push(event)
    },
    async begin() {
      const asked = state().side === 'person' ? [memberLists()] : [
        counts(),
        team(),
        ...(shownView ? [viewPage(shownView.key, shownView.view, null).then((found) => found.pages)] : []),
        ...(shownTicket ? [ticketPages(shownTicket)] : []),
      ]
      if (shownThread) asked.push(threadPage(shownThread))
      return (await Promise.all(asked)).flat()
    },
    lists: () => plainly('lists', memberLists),
    mend() {
      const now = state()
      const fetches: Promise<void>[] = []
      if (shownThread && !now.threads.get(shownThread)?.loaded) fetches.push(load.thread(shownThread))
      if (shownTicket && now.side === 'staff' && !now.history.has(shownTicket)) {
        fetches.push(load.ticket(shownTicket))
      }
      // A screen that asked for it has heard of any failure; here it would only be said twice.
      for (const fetching of fetches) fetching.catch(() => {})
    },
    async thread(conversation_id) {
      shownThread = conversation_id
      if (state().threads.get(conversation_id)?.loaded) return
      await plainly(`thread ${conversation_id}`, () => threadPage(conversation_id))
    },
    async older(conversation_id) {
      const thread = state().threads.get(conversation_id)
      const first = thread?.messages[0]
      if (!first || thread.complete) return
      await plainly(`older ${conversation_id}`, () => threadPage(conversation_id, first.seq))
    },
    view(key, view, anew = false) {
      if (view.q === undefined) shownView = { key, view }
      return nextOf(key, view, anew ? undefined : fetchedOf(key))
    },
    beside: (key, view) => nextOf(key, view, fetchedOf(key)),
    async ticket(ticket_id) {
      shownTicket = ticket_id
      await plainly(`ticket ${ticket_id}`, () => ticketPages(ticket_id))
    },
    async row(ticket_id) {
      await plainly(`row ${ticket_id}`, async () => {
        const { feedback, cursor, ...ticket } = await api('GET /tickets/{ticket_id}', { path: { ticket_id } })
        const rated = { type: 'feedback', ticket_id, items: feedback, cursor } as const
        return [{ type: 'tickets', items: [ticket], cursor }, rated]
      })
    },
    async member(person_id) {
      await plainly(`member ${person_id}`, async () => {
        const { cursor, ...member } = await api('GET /members/{person_id}', { path: { person_id } })
        return [{ type: 'members', items: [member], cursor }]
      })
    },
    async staff() {
      await plainly('staff', team)
    },
  }
  return load
}

interface Found<T> {
  readonly pages: readonly PageBody[]
  readonly answer: T
}

interface List<T> {
  readonly items: readonly T[]
  readonly next: string | null
  readonly cursor?: string
  readonly cursors?: Readonly<Record<string, string>>
}

interface Whole<T> {
  readonly items: readonly T[]
  readonly cursor: string | undefined
  readonly cursors: Readonly<Record<string, string>>
}

/** All pages of a list. What lists of this kind gain, they gain at their end, so the last page says as of when. */
async function every<T>(page: (after: { after?: string }) => Promise<List<T>>): Promise<Whole<T>> {
  const items: T[] = []
  const cursors: Record<string, string> = {}
  let after: { after?: string } = {}
  for (;;) {
    const found = await page(after)
    items.push(...found.items)
    for (const [business_id, read] of Object.entries(found.cursors ?? {})) cursors[business_id] ??= read
    if (found.next === null) return { items, cursor: found.cursor, cursors }
    after = { after: found.next }
  }
}
