/** A world for tests: a clock that is moved by hand, sockets that are spoken for, and things to say. */

import { emptyDesk, emptyMember } from './fold.ts'
import type { TicketItem } from './generated/api.ts'
import type { World } from './protocol.ts'
import type { Message, PersonMe, ServerEvent, StaffMe } from './types.ts'

export class FakeSocket {
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  readonly sent: Record<string, unknown>[] = []
  closedWith: number | null | undefined = null

  send(text: string): void {
    this.sent.push(JSON.parse(text))
  }

  close(code?: number): void {
    this.closedWith = code
  }

  /** The server says this. */
  says(...frames: unknown[]): void {
    this.onmessage?.({ data: JSON.stringify(frames.length === 1 ? frames[0] : frames) })
  }

  breaks(code = 1006): void {
    this.onclose?.({ code })
  }
}

export interface FakeWorld extends World {
  readonly sockets: FakeSocket[]
  readonly last: FakeSocket
  /** Let so many milliseconds pass. */
  pass(milliseconds: number): void
  wake(): void
}

export function createWorld(random = () => 0.5): FakeWorld {
  let now = 1_000_000
  let timers: { at: number; then: () => void }[] = []
  const sockets: FakeSocket[] = []
  const wakers = new Set<() => void>()
  return {
    sockets,
    get last() {
      return sockets.at(-1)!
    },
    open() {
      const socket = new FakeSocket()
      sockets.push(socket)
      return socket as unknown as WebSocket
    },
    now: () => now,
    random,
    after(milliseconds, then) {
      const timer = { at: now + milliseconds, then }
      timers.push(timer)
      return () => timers = timers.filter((one) => one !== timer)
    },
    woken(then) {
      wakers.add(then)
      return () => wakers.delete(then)
    },
    pass(milliseconds) {
      const end = now + milliseconds
      for (;;) {
        const next = timers.filter((timer) => timer.at <= end).sort((one, other) => one.at - other.at)[0]
        if (!next) break
        timers = timers.filter((timer) => timer !== next)
        now = next.at
        next.then()
      }
      now = end
    },
    wake: () => wakers.forEach((then) => then()),
  }
}

export const SHOP = 'shop'
export const NELL = { side: 'person', id: 'nell', name: 'Nell Ashworth' } as const
export const MAUD = { side: 'staff', id: 'maud', name: 'Maud Grummet' } as const

export function desk() {
  const staff = {
    id: 'maud',
    business_id: SHOP,
    role: 'owner',
    first_name: 'Maud',
    last_name: 'Grummet',
  } as const
  return emptyDesk(
    { side: 'staff', login_id: 'maud’s', staff, email: '', businesses: [], rights: [] } as StaffMe,
  )
}

export function member() {
  const person = { id: 'nell', first_name: 'Nell', last_name: 'Ashworth' }
  return emptyMember({ side: 'person', person, email: '' } as PersonMe)
}

export const cursor = (seq: number) => `e-${seq}`
export const at = (seq: number) => new Date(Date.UTC(2026, 10, 23, 9) + seq * 1_000).toISOString()

export function message(seq: number, more: Partial<Message> = {}): Message {
  return {
    id: `talk.${seq}`,
    seq,
    kind: 'text',
    author: NELL,
    text: `Text ${seq}`,
    attachments: [],
    created_at: at(seq),
    conversation_id: 'talk',
    ticket_id: 'ticket',
    ...more,
  }
}

export function ticket(seq: number, more: Partial<TicketItem> = {}): TicketItem {
  return {
    id: 'ticket',
    number: 1,
    conversation_id: 'talk',
    customer: { id: 'nell', name: 'Nell Ashworth' },
    state: 'pulled',
    holder: null,
    priority: null,
    outcome: null,
    messages: 0,
    unread: 0,
    last_line: '',
    last_seq: 0,
    waiting_since: at(1),
    updated_at: at(seq),
    updated_seq: seq,
    closed_at: null,
    follow_up_of: null,
    ...more,
  }
}

export function event(name: ServerEvent['name'], seq: number, body: unknown): ServerEvent {
  return {
    type: 'event',
    cursor: cursor(seq),
    seq,
    business_id: SHOP,
    name,
    at: at(seq),
    body,
  } as ServerEvent
}

export function posted(seq: number, more: Partial<Message> = {}): ServerEvent {
  return event('message_posted', seq, message(seq, more))
}

export function threadPage(items: readonly Message[], readAt: number, next: string | null = null) {
  const marks = { person_read: 0, person_delivered: 0, staff_read: 0, staff_delivered: 0 }
  return { items, next, cursor: cursor(readAt), conversation: { id: 'talk', business_id: SHOP, ...marks } }
}
