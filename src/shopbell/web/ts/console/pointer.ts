/** Presses, typing and choosing, heard once at the root and handed to what they mean. */

import type { Actions } from './actions.ts'
import type { PriorityName, Show } from './filter.ts'
import type { MenuName, Tab } from './screen.ts'

const REACHABLE_ROW = '.ticket[tabindex="0"]'

type Deed = (act: Actions, data: DOMStringMap) => void

const DEEDS: Record<string, Deed> = {
  pull: (act) => act.pull(),
  back: (act) => act.back(),
  go: (act, { ticketId }) => act.read(ticketId!),
  claim: (act) => act.claim(),
  release: (act) => act.release(),
  reopen: (act) => act.reopen(),
  dismiss: (act) => act.dismiss(),
  transfer: (act) => act.ask('transfer'),
  close: (act) => act.ask('close'),
  'take-over': (act) => act.ask('take-over'),
  keys: (act) => act.ask('keys'),
  'close-dialog': (act) => act.closeDialog(),
  prioritise: (act, { value }) => act.prioritise((value || null) as PriorityName | null),
  show: (act, { show }) => act.show(show as Show),
  'filter-colleague': (act, { value }) => act.ofColleague(value || null),
  'filter-priority': (act, { value }) => act.ofPriority((value || null) as PriorityName | null),
  'clear-filters': (act) => act.clearFilters(),
  'renew-list': (act) => act.renewList(),
  'retry-list': (act) => act.retryList(),
  'retry-thread': (act) => act.retryThread(),
  tab: (act, { tab }) => act.tab(tab as Tab),
  menu: (act, { name }) => act.menu(name as MenuName),
  details: (act) => act.details(),
  'hear-bell': (act) => act.hearBell(),
  'try-now': (act) => act.tryNow(),
  'sign-out': (act) => act.signOut(),
  skip: () =>
    (document.getElementById('whose') ?? document.querySelector<HTMLElement>(REACHABLE_ROW))?.focus(),
}

/** Those that leave the menu they stand in open. */
const STAYS_OPEN = new Set(['menu', 'hear-bell'])

export function listenToPointer(root: HTMLElement, act: Actions): void {
  root.addEventListener('click', (event) => {
    const pressed = event.target as Element
    const row = pressed.closest<HTMLElement>('[data-ticket]')
    if (row && !wantsOwnTab(event)) {
      event.preventDefault()
      act.select(row.dataset.ticket!)
      return
    }
    const button = pressed.closest<HTMLElement>('[data-do]')
    if (!pressed.closest('.anchor')) act.menu(null)
    if (!button || wantsOwnTab(event)) return
    event.preventDefault()
    if (!STAYS_OPEN.has(button.dataset.do!)) act.menu(null)
    DEEDS[button.dataset.do!]?.(act, button.dataset)
  })
  root.addEventListener('input', (event) => typed(event.target as HTMLInputElement, act))
  root.addEventListener('change', (event) => chosen(event.target as HTMLInputElement, act))
  root.addEventListener('submit', (event) => {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    if (form.dataset.composer !== undefined) act.send()
    else act.decide(String(new FormData(form).get('note') ?? ''))
  })
  holdUnderPointer(root, act)
}

function wantsOwnTab(event: MouseEvent): boolean {
  return event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0
}

function typed(field: HTMLInputElement, act: Actions): void {
  if (field.id === 'composer') act.write(field.value)
  else if (field.id === 'search') act.search(field.value)
  else if (field.dataset.set === 'volume') act.set({ volume: Number(field.value) })
}

function chosen(field: HTMLInputElement, act: Actions): void {
  switch (field.dataset.set) {
    case 'outcome':
      return act.changeDialog({ outcome: field.value as 'resolved' | 'abandoned' })
    case 'to':
      return act.changeDialog({ to: field.value })
    case 'ring':
      return act.set({ volume: field.checked ? 0.7 : 0 })
    case 'volume':
      return act.hearBell()
    case 'singleKeys':
    case 'enterSends':
      return act.set({ [field.dataset.set]: field.checked })
  }
}

/** The list stands still while the pointer is over it, or a finger on it. */
function holdUnderPointer(root: HTMLElement, act: Actions): void {
  const over = (event: Event) => (event.target as Element).closest?.('[data-scroller], .newer-chip') !== null
  root.addEventListener('pointerover', (event) => act.holdList(over(event)))
  root.addEventListener('pointerleave', () => act.holdList(false))
  root.addEventListener('pointerup', (event) => {
    if (event.pointerType === 'touch') act.holdList(false)
  })
}
