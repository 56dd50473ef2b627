/** What the actions work with: the live state, this screen, and what is being written. */

import type { Live } from '../live/live.ts'
import type { DeskState } from '../live/types.ts'
import type { Bell } from './bell.ts'
import type { ScreenStore } from './screen.ts'
import type { View } from './view.ts'

export interface Desk {
  readonly live: Live<DeskState>
  readonly screens: ScreenStore
  readonly bell: Bell
  state(): DeskState
  view(): View
  /** Sign out, and leave nothing behind. */
  leave(): Promise<void>
  /** Before the browser draws next. */
  redraw(): void
  /** On return, so that what one has done stands in the very next frame. */
  draw(): void
  afterDrawing(then: () => void): void
  holdList(still: boolean): void
  renewList(): void
}
