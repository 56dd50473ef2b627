/** Everything one can do in the console, by the words its buttons and keys use. */

import type { PriorityName, Show } from './filter.ts'
import type { Dialog, MenuName, Tab } from './screen.ts'
import type { Settings } from './settings.ts'

export interface Actions {
  pull(): void
  /** Show a ticket without touching it. */
  read(ticket: string): void
  /** Show a ticket, and take it where nobody has it. */
  select(ticket: string): void
  back(): void
  /** One row down or up from where one stands. */
  step(rows: number): void
  claim(): void
  release(): void
  reopen(): void
  prioritise(priority: PriorityName | null): void
  ask(dialog: Dialog['name']): void
  closeDialog(): void
  changeDialog(changes: { outcome?: 'resolved' | 'abandoned'; to?: string }): void
  /** What the open dialog is for; `note` goes with a transfer. */
  decide(note: string): void
  dismiss(): void
  show(show: Show): void
  ofColleague(staff: string | null): void
  ofPriority(priority: PriorityName | null): void
  search(words: string): void
  clearFilters(): void
  more(): void
  retryList(): void
  retryThread(): void
  renewList(): void
  holdList(still: boolean): void
  tab(tab: Tab): void
  write(text: string): void
  send(): void
  retry(nonce: string): void
  discard(nonce: string): void
  older(): void
  /** How far one has seen the thread in the main view. */
  seen(seq: number): void
  /** The same again, since by now it may be one's own ticket. */
  sawThread(): void
  menu(name: MenuName | null): void
  /** Show or hide the customer's details. */
  details(): void
  set(changes: Partial<Settings>): void
  hearBell(): void
  tryNow(): void
  signOut(): void
}
