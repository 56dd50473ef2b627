import { equal } from './asserting.ts'
import { newNonce } from './nonce.ts'

Deno.test('nonces are fresh, printable and within 64 characters', () => {
  const nonces = new Set(Array.from({ length: 1_000 }, () => newNonce()))
  equal(nonces.size, 1_000)
  for (const nonce of nonces) equal(/^[!-~]{1,64}$/u.test(nonce), true)
})

Deno.test('nonces rise with time', () => {
  const times = [0, 1, 0xff, 0x100, 1_795_447_538_740, 253_402_300_799_999]
  const nonces = times.map((time) => newNonce(time))
  equal(nonces.toSorted(), nonces)
})
