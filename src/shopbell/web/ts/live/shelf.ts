/** Shelf: a map that is never changed, cheap to make the next version of, and quick to compare with the one before. */

// A plain copy of ten thousand rows for each event would cost a frame, and rows changed in place could not be
// compared by identity. So rows lie in drawers: the next version copies one drawer and the list of drawers, and
// shares the rest, which also tells in no time what differs between two versions.
const DRAWERS = 256

type Drawer<V> = ReadonlyMap<string, V>

/** What differs under a key: undefined where it was or is absent. */
export interface Difference<V> {
  readonly key: string
  readonly before: V | undefined
  readonly after: V | undefined
}

export class Shelf<V> implements ReadonlyMap<string, V> {
  private constructor(
    private readonly drawers: readonly Drawer<V>[],
    readonly size: number,
  ) {}

  static empty<V>(): Shelf<V> {
    const nothing: Drawer<V> = new Map()
    return new Shelf(new Array<Drawer<V>>(DRAWERS).fill(nothing), 0)
  }

  static of<V>(entries: Iterable<readonly [string, V]>): Shelf<V> {
    return Shelf.empty<V>().withAll(entries)
  }

  get(key: string): V | undefined {
    return this.drawers[drawerOf(key)]!.get(key)
  }

  has(key: string): boolean {
    return this.drawers[drawerOf(key)]!.has(key)
  }

  /** The shelf with that value under the key; itself if it is there already. */
  with(key: string, value: V): Shelf<V> {
    if (this.get(key) === value && this.has(key)) return this
    return this.withAll([[key, value]])
  }

  /** The shelf with all of these, each drawer copied once. */
  withAll(entries: Iterable<readonly [string, V]>): Shelf<V> {
    const drawers = [...this.drawers]
    const copied = new Map<number, Map<string, V>>()
    let size = this.size
    for (const [key, value] of entries) {
      const at = drawerOf(key)
      let drawer = copied.get(at)
      if (!drawer) {
        drawer = new Map(drawers[at])
        copied.set(at, drawer)
        drawers[at] = drawer
      }
      if (!drawer.has(key)) size += 1
      drawer.set(key, value)
    }
    return copied.size ? new Shelf(drawers, size) : this
  }

  without(key: string): Shelf<V> {
    if (!this.has(key)) return this
    const drawers = [...this.drawers]
    const drawer = new Map(drawers[drawerOf(key)])
    drawer.delete(key)
    drawers[drawerOf(key)] = drawer
    return new Shelf(drawers, this.size - 1)
  }

  /** What differs from an earlier version, in no particular order; only drawers that differ are looked into. */
  *since(before: Shelf<V>): Generator<Difference<V>> {
    for (let at = 0; at < DRAWERS; at += 1) {
      const then = before.drawers[at]!
      const now = this.drawers[at]!
      if (then === now) continue
      for (const [key, after] of now) {
        const was = then.get(key)
        if (was !== after) yield { key, before: was, after }
      }
      for (const [key, was] of then) {
        if (!now.has(key)) yield { key, before: was, after: undefined }
      }
    }
  }

  *entries(): Generator<[string, V], undefined> {
    for (const drawer of this.drawers) yield* drawer.entries() as Iterable<[string, V]>
  }

  *keys(): Generator<string, undefined> {
    for (const drawer of this.drawers) yield* drawer.keys()
  }

  *values(): Generator<V, undefined> {
    for (const drawer of this.drawers) yield* drawer.values()
  }

  [Symbol.iterator](): Generator<[string, V], undefined> {
    return this.entries()
  }

  forEach(visit: (value: V, key: string, map: ReadonlyMap<string, V>) => void): void {
    for (const [key, value] of this) visit(value, key, this)
  }
}

function drawerOf(key: string): number {
  let hash = 0
  for (let at = 0; at < key.length; at += 1) hash = (Math.imul(hash, 31) + key.charCodeAt(at)) | 0
  return (hash ^ (hash >>> 8) ^ (hash >>> 16)) & (DRAWERS - 1)
}
