/** The store: the newest state, and one call a frame to those who draw it. */

import { fold } from './fold.ts'
import type { Change } from './changes.ts'
import type { State } from './types.ts'

/** The store's promise: `state` never changes, the next one shares what stayed the same. */
export interface Store<S extends State> {
  readonly state: S
  /** Calls back at most once a frame, with the newest state. Returns the end of it. */
  subscribe(heard: (state: S) => void): () => void
  dispatch(change: Change): void
}

/** When listeners are called: before the browser draws next. In a hidden page no frame comes, so it does not wait. */
export type Frame = (draw: () => void) => void

/** A store that begins with that state. `changed` hears every change at once, before any listener. */
export function createStore<S extends State>(
  first: S,
  changed: (after: S, change: Change) => void = () => {},
  frame: Frame = nextFrame,
): Store<S> {
  let state = first
  let drawn = first
  let waiting = false
  const listeners = new Set<(state: S) => void>()

  const draw = () => {
    waiting = false
    if (state === drawn) return
    drawn = state
    for (const heard of [...listeners]) heard(state)
  }

  return {
    get state() {
      return state
    },
    subscribe(heard) {
      listeners.add(heard)
      return () => listeners.delete(heard)
    },
    dispatch(change) {
      const before = state
      state = fold(state, change)
      changed(state, change)
      if (state === before || waiting) return
      waiting = true
      frame(draw)
    },
  }
}

function nextFrame(draw: () => void): void {
  if (document.visibilityState === 'hidden') setTimeout(draw)
  else requestAnimationFrame(draw)
}
