import { equal } from '../live/asserting.ts'
import { heedOtherTabs } from './keepsakes.ts'

const KEPT = JSON.stringify({ muted: [], deferred: [] })

function otherTabKeeps(personId: string, newValue: string | null = KEPT): void {
  dispatchEvent(
    Object.assign(new Event('storage'), {
      key: `shopbell.person.${personId}`,
      newValue,
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

Deno.test('what another tab forgets is heard of too', () => {
  const left = new AbortController()
  const heard: unknown[] = []
  heedOtherTabs('nell', (what) => heard.push(what), left.signal)
  otherTabKeeps('nell', null)
  equal(heard, [null])
  left.abort()
})
