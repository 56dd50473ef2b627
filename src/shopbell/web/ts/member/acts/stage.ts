/** Where acts put what they found out: the screen, changed a part at a time and drawn once a frame. */
import type { Screen } from '../screen.ts'

export interface Stage {
  readonly screen: Screen
  set(change: Partial<Screen>): void
  /** As `set`, but drawn on return: for what comes once a frame already, and would wait for a second one. */
  draw(change: Partial<Screen>): void
}

/** A stage that begins with that screen; `draw` is called at most once a frame, before the browser draws. */
export function createStage(first: Screen, draw: (screen: Screen) => void): Stage {
  let screen = first
  let isDue = false
  return {
    get screen() {
      return screen
    },
    set(change) {
      screen = { ...screen, ...change }
      if (isDue) return
      isDue = true
      const due = () => {
        isDue = false
        draw(screen)
      }
      // No frames come while the page is hidden, but its title still counts.
      if (document.visibilityState === 'hidden') setTimeout(due)
      else requestAnimationFrame(due)
    },
    draw(change) {
      screen = { ...screen, ...change }
      draw(screen)
    },
  }
}
