/** The locks that the tabs of a browser share; undefined where the page is no secure context, as over plain HTTP. */
export function sharedLocks(): LockManager | undefined {
  return (globalThis.navigator as Partial<Navigator> | undefined)?.locks
}
