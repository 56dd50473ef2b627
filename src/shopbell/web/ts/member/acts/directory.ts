/** Finding businesses. */
import { replace } from '../router.ts'
import { type Acts, type Found, NOTHING_FOUND } from '../screen.ts'
import type { Ask } from './asking.ts'
import type { Stage } from './stage.ts'

const PAUSE_MS = 180
const PAGE = 30

/** A search follows the last key by a moment; an answer to what was typed before is let go. */
export function directoryActs(
  stage: Stage,
  ask: Ask,
): Pick<Acts, 'find' | 'findMore'> & { open(q: string): void } {
  let pause = 0
  let latest = 0

  const patch = (change: Partial<Found>) => stage.set({ found: { ...stage.screen.found, ...change } })

  async function search(q: string, after: string | null): Promise<void> {
    const mine = (latest += 1)
    const before = stage.screen.found
    patch({ status: 'searching', problem: null })
    const query = { limit: PAGE, ...(q.trim() ? { q: q.trim() } : {}), ...(after ? { after } : {}) }
    const answer = await ask('GET /businesses', { query })
    if (mine !== latest) return
    if (!answer.ok) return patch({ status: 'done', problem: answer.problem })
    const { items, next } = answer.value
    patch({ status: 'done', items: after ? [...before.items, ...items] : items, next })
  }

  return {
    open(q) {
      const { found } = stage.screen
      if (found.status !== 'idle' && found.q === q && !found.problem) return
      stage.set({ found: { ...NOTHING_FOUND, q } })
      void search(q, null)
    },
    find(q) {
      clearTimeout(pause)
      patch({ q })
      replace({ name: 'find', q }, stage.screen.root)
      stage.set({ route: { name: 'find', q } })
      pause = setTimeout(() => void search(q, null), PAUSE_MS)
    },
    findMore() {
      const { q, next, status } = stage.screen.found
      if (next !== null && status === 'done') void search(q, next)
    },
  }
}
