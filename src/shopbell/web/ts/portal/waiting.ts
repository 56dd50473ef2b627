/** How many customers wait, as this page knows it: what the server drew, and what it was told since. */

import type { Frame } from '../live/protocol.ts'

/** Of one business, as of `cursor`; `asked` when only asking anew can tell, `elsewhere` when the session moved on. */
export interface Waiting {
  readonly business_id: string
  readonly cursor: string
  readonly count: number
  readonly state: 'known' | 'asked' | 'elsewhere'
}

/** The count after one frame of the socket. */
export function after(waiting: Waiting, frame: Frame): Waiting {
  switch (frame.type) {
    case 'event':
      if (frame.business_id !== waiting.business_id) return waiting
      return {
        ...waiting,
        cursor: frame.cursor,
        count: frame.name === 'waiting_changed' ? frame.body.waiting : waiting.count,
      }
    case 'cursor':
      return frame.business_id === waiting.business_id ? { ...waiting, cursor: frame.cursor } : waiting
    case 'resync':
      return { ...waiting, state: frame.business_id === waiting.business_id ? 'asked' : 'elsewhere' }
    default:
      return waiting
  }
}
