/** What names a message until the server has named it, and makes sending it again harmless. */

/**
 * Unguessable, and to be had on pages without a secure context too. The time comes first: what is new lies together
 * in the server's index of nonces.
 */
export function newNonce(now = Date.now()): string {
  const random = Array.from(
    crypto.getRandomValues(new Uint8Array(10)),
    (byte) => byte.toString(16).padStart(2, '0'),
  )
  return now.toString(16).padStart(12, '0') + random.join('')
}
