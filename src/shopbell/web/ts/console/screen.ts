/** What this one screen shows of the desk: nothing of it is anybody else's business, and a reload may forget it. */

import type { Message, Problem } from '../live/types.ts'
import { EVERYTHING, type PanelFilter } from './filter.ts'
import { readSettings, type Settings } from './settings.ts'

export type Tab = 'message' | 'note'
export type MenuName = 'me' | 'sound' | 'priority' | 'more' | 'colleagues' | 'priorities'

export type Dialog =
  | {
    readonly name: 'close'
    readonly ticket: string
    readonly outcome: 'resolved' | 'abandoned' | null
    /** What the customer wrote while one decided. */
    readonly meanwhile: readonly Message[]
    readonly seen: number
    readonly problem?: Problem
    readonly busy?: boolean
  }
  | {
    readonly name: 'transfer'
    readonly ticket: string
    readonly to: string | null
    /** Whether somebody else than the reader holds it. */
    readonly over: boolean
    readonly problem?: Problem
    readonly busy?: boolean
  }
  | {
    readonly name: 'take-over'
    readonly ticket: string
    readonly problem?: Problem
    readonly busy?: boolean
  }
  | { readonly name: 'sign-out'; readonly unsent: number }
  | { readonly name: 'keys' }

/** What went wrong with a ticket, to be shown beside it. */
export interface Trouble {
  readonly ticket: string
  readonly problem: Problem
}

export interface Screen {
  /** The ticket in the main view. */
  readonly ticket: string | null
  /** The row the arrow keys stand on. */
  readonly row: string | null
  readonly filter: PanelFilter
  /** The tickets the server found for the words sought; null while it is asked. */
  readonly found: readonly string[] | null
  /** Lists being fetched or having failed, by key of the filter. */
  readonly fetching: ReadonlyMap<string, 'busy' | Problem>
  /** Tickets whose thread could not be fetched. */
  readonly missing: ReadonlyMap<string, Problem>
  /** On a narrow screen one of the two is seen. */
  readonly pane: 'tickets' | 'thread'
  /** Customer details over the thread, where there is no room beside it. */
  readonly drawer: boolean
  readonly tab: Tab
  readonly menu: MenuName | null
  readonly dialog: Dialog | null
  readonly trouble: Trouble | null
  readonly pulling: boolean
  /** Since when there is no connection, in milliseconds since 1970; tries in vain do not begin it anew. */
  readonly lostSince: number | null
  readonly settings: Settings
  /** What was fetched for the first time, with nothing kept from before, is not there yet. */
  readonly opening: boolean
  /** Milliseconds since 1970, moved on every half minute: "6 min" grows by it. */
  readonly now: number
}

export interface ScreenStore {
  readonly screen: Screen
  set(changes: Partial<Screen>): void
}

/** `changed` is called after each change that is one. */
export function createScreen(changed: () => void): ScreenStore {
  let screen: Screen = {
    ticket: null,
    row: null,
    filter: EVERYTHING,
    found: null,
    fetching: new Map(),
    missing: new Map(),
    pane: 'tickets',
    drawer: false,
    tab: 'message',
    menu: null,
    dialog: null,
    trouble: null,
    pulling: false,
    lostSince: null,
    settings: readSettings(),
    opening: true,
    now: Date.now(),
  }
  return {
    get screen() {
      return screen
    },
    set(changes) {
      const same = Object.entries(changes).every(([name, value]) => screen[name as keyof Screen] === value)
      if (same) return
      screen = { ...screen, ...changes }
      changed()
    },
  }
}
