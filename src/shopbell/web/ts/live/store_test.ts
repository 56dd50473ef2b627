import { equal } from './asserting.ts'
import { createStore } from './store.ts'
import type { DeskState } from './types.ts'
import { cursor, desk, posted, SHOP } from './trying.ts'

Deno.test('listeners are called once a frame with the newest state, and not when nothing changed', () => {
  const frames: (() => void)[] = []
  const store = createStore(desk(), () => {}, (draw) => frames.push(draw))
  const drawn: (string | null)[] = []
  const end = store.subscribe((state: DeskState) => drawn.push(state.cursor))
  store.dispatch(posted(5))
  store.dispatch(posted(6))
  equal([store.state.cursor, frames.length, drawn], [cursor(6), 1, []])
  frames.shift()!()
  equal(drawn, [cursor(6)])
  store.dispatch({ type: 'cursor', business_id: SHOP, cursor: cursor(3) })
  equal(frames.length, 0)
  end()
  store.dispatch(posted(7))
  frames.shift()!()
  equal(drawn, [cursor(6)])
})
