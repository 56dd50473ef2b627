/** What tests ask: whether two values are the same, whatever the order of fields. */

export function equal(found: unknown, wanted: unknown, why = ''): void {
  const [one, other] = [sorted(found), sorted(wanted)]
  if (one !== other) throw new Error(`${why ? `${why}: ` : ''}${one}\ninstead of\n${other}`)
}

/** The next turn of the event loop, by which everything already promised has happened. */
export function settled(): Promise<void> {
  return new Promise((done) => setTimeout(done))
}

function sorted(value: unknown): string {
  return JSON.stringify(
    value,
    (_, part) =>
      part === undefined
        ? '(undefined)'
        : isPlain(part)
        ? Object.fromEntries(Object.entries(part).sort())
        : part,
    1,
  )
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
}
