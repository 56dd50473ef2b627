/** From the frames of the socket to the state: hold back while state is fetched anew, fold, and fetch what is missing. */

import { Refusal } from './api.ts'
import { strangers } from './desk_fold.ts'
import { isStranger } from './member_fold.ts'
import type { Loading } from './load.ts'
import type { Frame } from './protocol.ts'
import type { Change } from './changes.ts'
import type { Cursors, PersonEvent, ServerEvent, StaffEvent, State } from './types.ts'

export interface Stream {
  heard(frames: readonly Frame[]): void
}

export interface Means {
  state(): State
  dispatch(change: Change): void
  readonly load: Loading
  now(): number
  after(milliseconds: number, then: () => void): void
  /** Something was folded that other parts may want to act on. */
  folded(event: ServerEvent): void
  /** State stands anew. */
  began(): void
}

/** What is shown of somebody's typing ends by itself after so long. */
const TYPING_MILLISECONDS = 6_000
const AGAIN_SECONDS = 2

export function createStream(means: Means): Stream {
  const { state, dispatch, load } = means
  /** Events that wait until state is fetched anew; null while none is. */
  let held: ServerEvent[] | null = null
  let wanted: Cursors = {}
  let beginning = 0
  const missing = new Set<string>()

  const heard = (frames: readonly Frame[]) => {
    for (const frame of frames) {
      switch (frame.type) {
        case 'event':
          load.heard(frame)
          if (held) held.push(frame)
          else take(frame)
          break
        case 'ready':
          ready(frame)
          break
        case 'resync':
          begin({ [frame.business_id]: frame.cursor })
          break
        case 'cursor':
          if (!held) dispatch(frame)
          break
        case 'other_waiting':
          dispatch(frame)
          break
        case 'typing': {
          const until = means.now() + TYPING_MILLISECONDS
          dispatch({ type: 'typing', conversation_id: frame.conversation_id, author: frame.author, until })
          means.after(TYPING_MILLISECONDS, () => dispatch({ type: 'typing_over', now: means.now() }))
          break
        }
      }
    }
  }

  const ready = ({ cursor, cursors }: Extract<Frame, { type: 'ready' }>) => {
    beginning += 1
    held = null
    wanted = {}
    const now = state()
    if (now.side === 'staff') {
      if (now.cursor === null) begin({ [now.me.staff.business_id]: cursor! })
    } else {
      const fresh = Object.entries(cursors ?? {}).filter(([id]) => !now.listed || !(id in now.cursors))
      if (!now.listed || fresh.length) begin(Object.fromEntries(fresh))
    }
    if (missing.size && !held) complete()
  }

  /** Fetch everything on show of these businesses; their streams go on from these cursors. */
  const begin = (cursors: Cursors) => {
    wanted = { ...wanted, ...cursors }
    held ??= []
    beginning += 1
    fetchAnew(beginning)
  }

  const fetchAnew = async (mine: number) => {
    try {
      const pages = await load.begin()
      if (mine !== beginning) return
      const [cursors, events] = [wanted, held ?? []]
      held = null
      wanted = {}
      missing.clear()
      dispatch({ type: 'anew', cursors, pages })
      events.forEach(take)
      load.mend()
      means.began()
    } catch (error) {
      const seconds = error instanceof Refusal ? error.problem.retry_after ?? AGAIN_SECONDS : AGAIN_SECONDS
      means.after(seconds * 1_000, () => mine === beginning && fetchAnew(mine))
    }
  }

  const take = (event: ServerEvent) => {
    const before = state()
    dispatch(event)
    if (state() === before) return
    means.folded(event)
    const now = state()
    if (now.side === 'staff') {
      for (const id of strangers(now, event as StaffEvent)) missing.add(id)
    } else if (isStranger(now, event as PersonEvent)) missing.add(LISTS)
    if (missing.size) complete()
  }

  /** What cannot be fetched now is tried again at the next connection. */
  const complete = () => {
    for (const id of missing) {
      const flight = id === LISTS ? load.lists() : load.row(id)
      flight.then(() => missing.delete(id), (error) => {
        if (error instanceof Refusal && error.problem.status === 404) missing.delete(id)
      })
    }
  }

  return { heard }
}

const LISTS = 'lists'
