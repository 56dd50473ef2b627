/** All that this browser keeps of one login: its rows, its outbox and its drafts, shared with the other tabs. */

import { announce } from '../base/dom.ts'
import { t } from '../base/texts.ts'
import { UNKEPT } from '../ui/unkept.ts'
import type { Database } from './db.ts'
import { type Drafts, openDrafts } from './drafts.ts'
import { keepInTurn } from './keeping.ts'
import { heedLastWords } from './lastwords.ts'
import { type Means as Sending, openOutbox, type Outbox } from './outbox.ts'
import type { World } from './protocol.ts'
import type { Kept } from './rows.ts'
import type { Store } from './store.ts'
import { type News, openTabs } from './tabs.ts'
import type { State } from './types.ts'

export interface Belongings {
  readonly drafts: Drafts
  readonly outbox: Outbox
  /** The state is another one now. */
  changed(state: State): void
  /** Send and share nothing more; what is written from now on is still kept. */
  stop(): void
  close(): void
  /** After `stop`: drop the rows, and leave what is unsent or begun. */
  empty(): Promise<void>
  /** Leave nothing behind, here and in the other tabs. */
  destroy(): Promise<void>
}

export interface Means extends Pick<Sending, 'author' | 'send' | 'live'> {
  /** What the browser knows them by. */
  readonly name: string
  readonly database: Database
  /** What was there when the page began, if anything was. */
  readonly found: Kept | null
  readonly store: Store<State>
  readonly world: World
  /** Another tab has signed out. */
  signedOut(): void
}

export async function openBelongings(means: Means): Promise<Belongings> {
  const { name, database, author, found, store, world } = means
  const { dispatch } = store
  const stopping = new AbortController()
  const { signal } = stopping
  const forgetting = new AbortController()
  database.lost.then(lost)
  const opening = openOutbox({
    database,
    author,
    dispatch,
    send: means.send,
    live: means.live,
    unkept: lost,
    refused: ({ detail }) => announce(t('Not sent: {reason}', { reason: detail }), 'assertive'),
    alone: (work) => tabs.alone('outbox', work),
    tell: (news) => tabs.tell(news),
    after: world.after,
  })
  // Side by side, for a database that is held up keeps each waiting.
  const [outbox, drafts] = await Promise.all([
    opening,
    openDrafts({ database, after: world.after, tell: (news) => tabs.tell(news) }),
  ])
  const tabs = openTabs(name, told)
  const keeping = keepInTurn(database, tabs, found, () => store.state, lost)

  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'hidden') return
    drafts.keep()
    keeping.flush()
  }, { signal })
  heedLastWords(name, signal, {
    after: world.after,
    ends: database.lost,
    async takeIn() {
      await outbox.reread()
      await drafts.reread()
    },
  })
  addEventListener('pagehide', () => {
    drafts.keep()
    database.leave()
  }, { signal: forgetting.signal })
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) database.stay()
  }, { signal: forgetting.signal })
  addEventListener('beforeunload', (event) => {
    if (!store.state.keeps && outbox.unsent) event.preventDefault()
  }, { signal })

  function lost() {
    if (signal.aborted || !store.state.keeps) return
    dispatch({ type: 'unkept' })
    announce(UNKEPT(), 'assertive')
  }

  function told(news: News) {
    if (news === 'signed-out') {
      forgetting.abort()
      return means.signedOut()
    }
    if (news !== 'outbox' && news.type === 'begun') return drafts.heard(news)
    if (news !== 'outbox') dispatch(news)
    outbox.reread()
  }

  function stop() {
    stopping.abort()
    drafts.keep()
    keeping.stop()
    outbox.close()
    tabs.close()
  }

  function close() {
    stop()
    database.close()
  }

  return {
    drafts,
    outbox,
    changed: keeping.changed,
    stop,
    close,
    // By the connection that stands: a new one would bring a database back that another tab has just destroyed.
    empty: () => database.empty().catch(() => {}),
    async destroy() {
      forgetting.abort()
      tabs.tell('signed-out')
      close()
      await database.destroy()
    },
  }
}
