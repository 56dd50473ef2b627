/** The console by keys alone. */

import { isWriting } from '../base/dom.ts'
import { listen } from '../base/keys.ts'
import { t } from '../base/texts.ts'
import type { Actions } from './actions.ts'
import { moveInMenu } from './menus.ts'
import type { Powers } from './rights.ts'
import type { Screen } from './screen.ts'

export interface KeyContext {
  readonly screen: Screen
  readonly powers: Powers | null
}

export function listenToKeys(root: HTMLElement, act: Actions, context: () => KeyContext): void {
  const calm = () => context().screen.dialog === null
  const may = (power: keyof Powers) => () => calm() && (context().powers?.[power] ?? false)
  const focusAfter = (id: string) => requestAnimationFrame(() => document.getElementById(id)?.focus())
  const writeIn = (tab: 'message' | 'note') => {
    act.tab(tab)
    focusAfter('composer')
  }
  // On a narrow screen the priorities stand among the rest.
  const openPriority = () =>
    act.menu(document.querySelector('[data-menu="priority"]')?.checkVisibility() ? 'priority' : 'more')

  root.addEventListener('keydown', (event) => {
    if (event.isComposing || event.defaultPrevented) return
    if (moveInMenu(event) || moveInTabs(event, act) || moveInList(event, act)) return
    if (event.key === 'Enter') sendByEnter(event, act, context().screen.settings.enterSends)
    if (event.key === 'Escape') leave(event, act, context().screen)
  })
  // Escape in a dialog. Its `close` comes later, when the next key may have opened another.
  root.addEventListener('cancel', () => act.closeDialog(), { capture: true })
  listen(document, [
    { key: 'Mod+k', text: t('Search by customer'), when: calm, run: () => focusSearch(act) },
    { key: 'j', text: t('Next ticket'), when: calm, run: () => act.step(1) },
    { key: 'k', text: t('Ticket before'), when: calm, run: () => act.step(-1) },
    { key: 'g', text: t('Pull Ticket'), when: calm, run: () => act.pull() },
    { key: 'r', text: t('Reply'), when: may('answer'), run: () => writeIn('message') },
    { key: 'n', text: t('Note'), when: may('note'), run: () => writeIn('note') },
    { key: 'a', text: t('Assign to me'), when: may('claim'), run: () => act.claim() },
    { key: 't', text: t('Transfer'), when: may('transfer'), run: () => act.ask('transfer') },
    { key: 'p', text: t('Priority'), when: may('prioritise'), run: openPriority },
    { key: 'e', text: t('Close Ticket'), when: may('close'), run: () => act.ask('close') },
    { key: 'd', text: t('Customer details'), when: calm, run: () => act.details() },
    { key: '?', text: t('This sheet'), when: calm, run: () => act.ask('keys') },
  ], { letters: () => context().screen.settings.singleKeys })
}

function focusSearch(act: Actions): void {
  act.menu(null)
  if (!document.getElementById('search')?.checkVisibility()) act.back()
  requestAnimationFrame(() => {
    const search = document.getElementById('search') as HTMLInputElement | null
    search?.focus()
    search?.select()
  })
}

function moveInList(event: KeyboardEvent, act: Actions): boolean {
  const target = event.target as Element
  const fromSearch = target.id === 'search' && event.key === 'ArrowDown'
  if (!fromSearch && !target.closest('.tickets')) return false
  const rows =
    { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity }[event.key]
  if (rows === undefined) return false
  event.preventDefault()
  act.step(fromSearch ? 0 : rows)
  return true
}

function moveInTabs(event: KeyboardEvent, act: Actions): boolean {
  const tab = (event.target as Element).closest<HTMLElement>('[role="tab"]')
  if (!tab || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return false
  const other = tab.dataset.tab === 'message' ? 'note' : 'message'
  const button = document.querySelector<HTMLButtonElement>(`[role="tab"][data-tab="${other}"]`)
  if (!button || button.disabled) return true
  act.tab(other)
  event.preventDefault()
  requestAnimationFrame(() => document.getElementById(`tab-${other}`)?.focus())
  return true
}

function sendByEnter(event: KeyboardEvent, act: Actions, enterSends: boolean): void {
  if ((event.target as Element).id !== 'composer' || event.shiftKey || event.altKey) return
  if (!event.ctrlKey && !event.metaKey && !enterSends) return
  event.preventDefault()
  act.send()
}

/** Escape leaves the innermost of what is open. */
function leave(event: KeyboardEvent, act: Actions, screen: Screen): void {
  // An open dialog is told by the browser, as above.
  if (screen.dialog) return
  const target = event.target as HTMLElement
  if (screen.menu) {
    const button = document.querySelector<HTMLElement>(`[data-menu="${screen.menu}"] > button`)
    act.menu(null)
    button?.focus()
  } else if (screen.drawer) act.details()
  else if (target.id === 'search' && screen.filter.search !== '') clearSearch(target as HTMLInputElement, act)
  else if (isWriting(target) || target.closest('.main')) toList(act)
  else return
  event.preventDefault()
}

/** Emptied before it is drawn anew, so that the next key begins another word. */
function clearSearch(search: HTMLInputElement, act: Actions): void {
  search.value = ''
  act.search('')
}

/** At once where the list is in sight, so that the next key already counts there. */
function toList(act: Actions): void {
  const row = () => document.querySelector<HTMLElement>('.ticket[tabindex="0"]')
  if (row()?.checkVisibility()) return row()!.focus()
  act.back()
  requestAnimationFrame(() => row()?.focus())
}
