import { equal } from '../live/asserting.ts'
import { followed, heedOtherTabs } from './keepsakes.ts'

const KEPT = JSON.stringify({ muted: [], deferred: [], drafts: {} })

function otherTabKeeps(personId: string): void {
  dispatchEvent(
    Object.assign(new Event('storage'), {
      key: `shopbell.person.${personId}`,
      oldValue: null,
      newValue: KEPT,
    }),
  )
}

Deno.test('what another tab keeps is heeded while one is signed in, and no longer', () => {
  const left = new AbortController()
  let heard = 0
  heedOtherTabs('nell', () => heard += 1, left.signal)
  otherTabKeeps('nell')
  otherTabKeeps('ada')
  equal(heard, 1)
  left.abort()
  otherTabKeeps('nell')
  equal(heard, 1)
})

Deno.test('what another tab has sent or gone on with is followed, unless it was edited here meanwhile', () => {
  const before = { sent: 'Half a sen', begun: 'Ha', edited: 'Half', still: 'Here' }
  const own = { ...before, edited: 'Half a line' }
  equal(followed(own, { begun: 'Half', new: 'Hello', still: 'Here' }, before), {
    begun: 'Half',
    edited: 'Half a line',
    still: 'Here',
    new: 'Hello',
  })
})
