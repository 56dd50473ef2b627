/** Which tickets are shown: five views, and by colleague and priority. */

import { html, nothing, type TemplateResult } from 'lit-html'
import { t } from '../base/texts.ts'
import { icon } from '../ui/icon.ts'
import type { StaffItem } from '../live/types.ts'
import { isNarrow, type PanelFilter, type Show } from './filter.ts'
import { choice, menu } from './menus.ts'
import type { View } from './view.ts'

const SHOWS: readonly [Show, () => string][] = [
  ['all', () => t('All')],
  ['mine', () => t('Mine')],
  ['unassigned', () => t('Unassigned')],
  ['open', () => t('Open')],
  ['closed', () => t('Closed')],
]
const PRIORITIES: readonly [PanelFilter['priority'], () => string][] = [
  [null, () => t('Any priority')],
  ['high', () => t('High')],
  ['medium', () => t('Medium')],
  ['low', () => t('Low')],
]

export function filterbar(view: View): TemplateResult {
  const { filter } = view.screen
  return html`
    <div class="filters">
      <div class="segments" role="group" aria-label=${t('Show')}>${SHOWS.map(([show, name]) =>
        html`<button data-do="show" data-show=${show} aria-current=${
          filter.show === show ? 'true' : nothing
        }>${name()}</button>`
      )}</div>
      <div class="set">${byColleague(view)}${byPriority(view)}${isNarrow(filter)
        ? html`<span class="grow"></span><button class="button quiet small" data-do="clear-filters">${
          t('Clear')
        }</button>`
        : nothing}</div>
    </div>
  `
}

function byColleague(view: View): TemplateResult {
  const { filter } = view.screen
  const chosen = filter.colleague === null ? null : view.state.staff.get(filter.colleague)
  return menu(view.screen, {
    name: 'colleagues',
    place: 'from-start',
    button: html`<bdi class="clip">${chosen ? fullName(chosen) : t('All colleagues')}</bdi>${icon('down')}`,
    look: filter.colleague === null ? 'chip outline' : 'chip accent',
    items: [
      choice({
        act: 'filter-colleague',
        value: '',
        chosen: filter.colleague === null,
        text: t('All colleagues'),
      }),
      ...colleagues(view).map((one) =>
        choice({
          act: 'filter-colleague',
          value: one.id,
          chosen: filter.colleague === one.id,
          text: fullName(one),
        })
      ),
    ],
  })
}

function byPriority({ screen }: View): TemplateResult {
  const { filter } = screen
  return menu(screen, {
    name: 'priorities',
    button: html`${PRIORITIES.find(([value]) => value === filter.priority)?.[1]()}${icon('down')}`,
    look: filter.priority === null ? 'chip outline' : 'chip accent',
    items: PRIORITIES.map(([value, name]) =>
      choice({ act: 'filter-priority', value: value ?? '', chosen: filter.priority === value, text: name() })
    ),
  })
}

/** Those who can hold tickets, and the reader too. */
export function colleagues({ state }: Pick<View, 'state'>): StaffItem[] {
  return [...state.staff.values()]
    .filter((one) => one.active !== false && one.role !== 'marketer')
    .sort((one, other) => fullName(one).localeCompare(fullName(other)))
}

export function fullName(one: { first_name: string; last_name: string }): string {
  return `${one.first_name} ${one.last_name}`
}

/** The filter in words, for a list in which nothing fits. */
export function inWords({ screen: { filter }, state }: View): string {
  const colleague = filter.colleague === null ? undefined : state.staff.get(filter.colleague)
  const words = [
    filter.show === 'all' ? '' : SHOWS.find(([show]) => show === filter.show)![1](),
    colleague ? fullName(colleague) : '',
    filter.priority === null ? '' : PRIORITIES.find(([value]) => value === filter.priority)![1](),
    filter.search === '' ? '' : `“${filter.search}”`,
  ]
  return words.filter((word) => word !== '').join(', ')
}
