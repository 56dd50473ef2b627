/** The tabs of one login: they tell one another news, and take turns where only one may act. */

import { sharedLocks } from '../base/locks.ts'
import type { Acknowledged } from './changes.ts'
import type { Begun } from './drafts.ts'

export type News = 'outbox' | 'signed-out' | Begun | Acknowledged

export interface Tabs {
  /** Whether turns are kept between tabs, or only within this one. */
  readonly takeTurns: boolean
  tell(news: News): void
  /** Run the work while no other tab runs work of that name. */
  alone(name: string, work: () => Promise<void>): Promise<void>
  close(): void
}

/** The tabs that opened the same name. */
export function openTabs(name: string, heard: (news: News) => void): Tabs {
  const channel = new BroadcastChannel(name)
  channel.onmessage = ({ data }) => heard(data as News)
  // Without locks tabs may send an item twice, which its nonce makes harmless.
  const locks = sharedLocks()
  let turn: Promise<void> = Promise.resolve()
  const closing = new AbortController()
  return {
    takeTurns: locks !== undefined,
    tell(news) {
      if (!closing.signal.aborted) channel.postMessage(news)
    },
    alone(what, work) {
      if (locks) return locks.request(`${name} ${what}`, { signal: closing.signal }, work) as Promise<void>
      const mine = turn.then(work)
      turn = mine.catch(() => {})
      return mine
    },
    close() {
      closing.abort()
      channel.close()
    },
  }
}
