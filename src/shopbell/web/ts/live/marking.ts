/** Marks to be moved: the furthest of each conversation, sent when there is a connection. */

import { Refusal } from './api.ts'
import type { Command } from './protocol.ts'

export interface Marking {
  read(conversation_id: string, seq: number): void
  delivered(conversation_id: string, seq: number): void
  /** The connection is live: send what could not be sent. */
  wake(): void
}

type What = 'mark_read' | 'mark_delivered'

interface Wanted {
  readonly command: { readonly type: What; readonly conversation_id: string; readonly seq: number }
  sent: boolean
}

/** Several messages that come together move a mark once. */
const PAUSE_MILLISECONDS = 100

export function createMarking(
  send: (command: Command) => Promise<unknown>,
  after: (milliseconds: number, then: () => void) => void,
): Marking {
  const wanted = new Map<string, Wanted>()
  let waiting = false

  const want = (type: What, conversation_id: string, seq: number) => {
    const key = `${type} ${conversation_id}`
    if (seq <= (wanted.get(key)?.command.seq ?? 0)) return
    wanted.set(key, { command: { type, conversation_id, seq }, sent: false })
    if (waiting) return
    waiting = true
    after(PAUSE_MILLISECONDS, wake)
  }

  const wake = () => {
    waiting = false
    for (const [key, mark] of wanted) {
      if (mark.sent) continue
      mark.sent = true
      const settled = () => wanted.get(key) === mark && wanted.delete(key)
      send(mark.command).then(settled, (error: unknown) => {
        mark.sent = false
        // What was lost is sent again at the next connection; what was refused would be refused again.
        if (error instanceof Refusal) settled()
      })
    }
  }

  return {
    read: (conversation_id, seq) => want('mark_read', conversation_id, seq),
    delivered: (conversation_id, seq) => want('mark_delivered', conversation_id, seq),
    wake,
  }
}
