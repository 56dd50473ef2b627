/** Which tickets the panel lists, and fetching them page by page as one comes to their end. */

import type { Actions } from './actions.ts'
import type { Desk } from './desk.ts'
import { EVERYTHING, keyOf, type PanelFilter, queryOf } from './filter.ts'
import { problemOf } from './problems.ts'

type Listing = Pick<
  Actions,
  'show' | 'ofColleague' | 'ofPriority' | 'search' | 'clearFilters' | 'more' | 'retryList'
>

const REST_MS = 180

export function listing(desk: Desk): Listing {
  const { screens } = desk
  let resting: number | undefined

  const change = (changes: Partial<PanelFilter>) => {
    const filter = { ...screens.screen.filter, ...changes }
    screens.set({ filter, found: null })
    toTop()
    clearTimeout(resting)
    if (changes.search === undefined) void fetchMore(desk, true)
    else resting = setTimeout(() => void fetchMore(desk, true), REST_MS)
  }
  return {
    show: (show) =>
      change({ show, ...(show === 'mine' || show === 'unassigned' ? { colleague: null } : {}) }),
    ofColleague(colleague) {
      const { show } = screens.screen.filter
      change({ colleague, show: show === 'mine' || show === 'unassigned' ? 'all' : show })
    },
    ofPriority: (priority) => change({ priority }),
    search: (words) => change({ search: words.trim() === '' ? '' : words }),
    clearFilters: () => change(EVERYTHING),
    more: () => void fetchMore(desk, false),
    retryList: () => void fetchMore(desk, false, true),
  }
}

/** The next page of the list that is shown, or the first one of a list just chosen. */
async function fetchMore(desk: Desk, first: boolean, again = false): Promise<void> {
  const { screens } = desk
  const { filter, fetching } = screens.screen
  const key = keyOf(filter)
  if (fetching.get(key) === 'busy' || (fetching.has(key) && !again && !first)) return
  const known = desk.state().views.get(key)
  // A list known from before needs no first page again; a search is asked anew.
  const isSearch = filter.search !== ''
  if (first && known && !isSearch) return
  if (!first && (known?.next === null || (isSearch && screens.screen.found === null))) return
  screens.set({ fetching: new Map(fetching).set(key, 'busy') })
  const marks = () => new Map(screens.screen.fetching)
  try {
    await fetchPage(desk, filter, first)
    const left = marks()
    left.delete(key)
    screens.set({ fetching: left })
  } catch (error) {
    screens.set({ fetching: marks().set(key, problemOf(error)) })
  }
}

async function fetchPage(
  { live: { load }, screens }: Desk,
  filter: PanelFilter,
  first: boolean,
): Promise<void> {
  const ids = await load.view(keyOf(filter), queryOf(filter), filter.search !== '' && first)
  if (filter.search === '' || keyOf(screens.screen.filter) !== keyOf(filter)) return
  const before = first ? [] : screens.screen.found ?? []
  screens.set({ found: [...before, ...ids] })
}

function toTop(): void {
  const scroller = document.querySelector('[data-scroller]')
  if (scroller) scroller.scrollTop = 0
}
