/** A dot between two phrases of a line; nothing of it is left where the line breaks there. */

import { html } from 'lit-html'

// Its space is all it is as wide as, so it takes none beside it.
export const apart = html`<span class="apart"> </span>`
