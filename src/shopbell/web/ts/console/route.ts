/** Addresses of the console: `/console`, and `/console/t/<ticket id>` for one ticket. */

import { page } from './page.ts'

const TICKET = /^\/console\/t\/([\w.-]+)\/?$/u

export function pathOf(ticket: string | null): string {
  return ticket === null ? `${page.base}/console` : `${page.base}/console/t/${encodeURIComponent(ticket)}`
}

/** The ticket an address names, or null for the console itself. */
export function ticketAt(path: string): string | null {
  return TICKET.exec(path.slice(page.base.length))?.[1] ?? null
}
