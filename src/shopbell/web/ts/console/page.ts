/** What the page was handed by the server beside the script. */

import { pageData } from '../base/dom.ts'

export interface PageData {
  /** Before every path, when the console is served below one; without a slash at its end. */
  readonly base: string
  /** The staff member whose cookie the page was asked for with. */
  readonly actor?: string
  /** Addresses of the two faces of the tab. */
  readonly icons?: { readonly ringing: string; readonly still: string }
}

export const page: PageData = globalThis.document ? pageData<PageData>() : { base: '' }
