// What the tests ask a page with: the rules of axe-core, where a page's own scripts cannot reach them.

import axe from 'axe-core'

Object.assign(globalThis, { axe })
