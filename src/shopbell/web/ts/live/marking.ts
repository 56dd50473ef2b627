/** Marks to be moved: the furthest of each conversation, sent once, when there is a connection. */

import { mayPass, Refusal } from './api.ts'
import type { Command } from './protocol.ts'

export interface Marking {
  read(conversation_id: string, seq: number): void
  delivered(conversation_id: string, seq: number): void
  /** The connection is live: send what could not be sent. */
  wake(): void
}

type What = 'mark_read' | 'mark_delivered'

interface Mark {
  readonly type: What
  readonly conversation_id: string
  readonly seq: number
}

/** Several messages that come together move a mark once. */
const PAUSE_MILLISECONDS = 100
/** After a refusal that may pass, unless it says when. */
const AGAIN_SECONDS = 2

export function createMarking(
  send: (command: Command) => Promise<unknown>,
  after: (milliseconds: number, then: () => void) => () => void,
): Marking {
  const furthest = new Map<string, number>()
  const due = new Map<string, Mark>()
  let stopTimer: (() => void) | null = null

  // A screen says with every change what it shows, so what was said already is passed over.
  const want = (type: What, conversation_id: string, seq: number) => {
    const key = `${type} ${conversation_id}`
    if (seq <= (furthest.get(key) ?? 0)) return
    furthest.set(key, seq)
    due.set(key, { type, conversation_id, seq })
    stopTimer ??= after(PAUSE_MILLISECONDS, wake)
  }

  const wake = () => {
    stopTimer?.()
    stopTimer = null
    const sending = [...due]
    due.clear()
    for (const [key, mark] of sending) send(mark).catch((error: unknown) => failed(key, mark, error))
  }

  const failed = (key: string, mark: Mark, error: unknown) => {
    // What was refused for good would be refused again.
    if (error instanceof Refusal && !mayPass(error.problem)) return
    if (furthest.get(key) === mark.seq) due.set(key, mark)
    // What was lost is sent again at the next connection.
    if (error instanceof Refusal) again(error.problem.retry_after ?? AGAIN_SECONDS)
  }

  const again = (seconds: number) => {
    stopTimer?.()
    stopTimer = after(seconds * 1_000, wake)
  }

  return {
    read: (conversation_id, seq) => want('mark_read', conversation_id, seq),
    delivered: (conversation_id, seq) => want('mark_delivered', conversation_id, seq),
    wake,
  }
}
