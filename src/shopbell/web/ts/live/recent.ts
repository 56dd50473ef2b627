/** Threads in memory: those that were opened longest ago go, but none with something unsent. */

import type { Load } from './load.ts'
import type { Store } from './store.ts'
import type { State } from './types.ts'

const THREADS = 60

/** Loading that has the threads forgotten which have not been opened for long. */
export function forgetful(load: Load, store: Store<State>): Load {
  let opened: readonly string[] = []
  return {
    ...load,
    thread(conversation_id) {
      opened = [conversation_id, ...opened.filter((id) => id !== conversation_id)].slice(0, THREADS)
      const { threads } = store.state
      const old = [...threads.values()].filter(({ id, pending }) => !opened.includes(id) && !pending.length)
      const gone = old.slice(0, Math.max(0, threads.size - THREADS))
      if (gone.length) store.dispatch({ type: 'forget', conversation_ids: gone.map(({ id }) => id) })
      return load.thread(conversation_id)
    },
  }
}
