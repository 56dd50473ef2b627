/** Which tickets of the panel one wants to see, and how that is asked for. */

import type { Ticket } from '../live/types.ts'
import type { Operations } from '../live/generated/api.ts'

export type Show = 'all' | 'mine' | 'unassigned' | 'open' | 'closed'
export type PriorityName = 'high' | 'medium' | 'low'

export interface PanelFilter {
  readonly show: Show
  /** The id of a colleague. */
  readonly colleague: string | null
  readonly priority: PriorityName | null
  readonly search: string
}

export const EVERYTHING: PanelFilter = { show: 'all', colleague: null, priority: null, search: '' }

export function isNarrow(filter: PanelFilter): boolean {
  return filter.colleague !== null || filter.priority !== null || filter.search !== '' ||
    filter.show !== 'all'
}

/** One name for each list the server can be asked for. */
export function keyOf(filter: PanelFilter): string {
  return JSON.stringify([filter.show, filter.colleague, filter.priority, filter.search])
}

/** The same in the words of `GET /tickets`. */
export function queryOf(
  { show, colleague, priority, search }: PanelFilter,
): Operations['GET /tickets']['query'] {
  return {
    ...(show === 'open' || show === 'closed' ? { state: show } : {}),
    ...(show === 'mine' ? { holder: 'me' } : {}),
    ...(show === 'unassigned' ? { holder: 'none' } : {}),
    ...(colleague !== null && show !== 'mine' && show !== 'unassigned' ? { holder: colleague } : {}),
    ...(priority === null ? {} : { priority }),
    ...(search.trim() === '' ? {} : { q: search.trim() }),
  }
}

/** The search is not asked here: the server may find by more than the name. */
export function fits(filter: PanelFilter, ticket: Ticket, me: string): boolean {
  return ticket.state !== 'waiting' && inShow(filter.show, ticket, me) &&
    (filter.colleague === null || ticket.holder?.id === filter.colleague) &&
    (filter.priority === null || ticket.priority === filter.priority)
}

function inShow(show: Show, ticket: Ticket, me: string): boolean {
  switch (show) {
    case 'all':
      return true
    case 'mine':
      return ticket.state === 'assigned' && ticket.holder?.id === me
    case 'unassigned':
      return ticket.state === 'pulled'
    case 'open':
      return ticket.state !== 'closed'
    case 'closed':
      return ticket.state === 'closed'
  }
}

/** The server's own rule: every word sought begins a word of the customer's name, or it is the number. */
export function named(ticket: Ticket, search: string): boolean {
  const number = search.trim().replace(/^#/u, '')
  if (/^\d+$/u.test(number)) return String(ticket.number) === number
  const words = wordsOf(ticket.customer.name)
  const sought = wordsOf(search)
  return sought.length > 0 && sought.every((part) => words.some((word) => word.startsWith(part)))
}

function wordsOf(text: string): string[] {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
}
