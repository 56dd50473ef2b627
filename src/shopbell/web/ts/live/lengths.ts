/** How long the lines of a list are, in CSS pixels: measured once they stood in the document, guessed before. */

export interface Span {
  readonly first: number
  /** One after the last. */
  readonly end: number
}

export class Lengths<L> {
  private readonly measured = new Map<string, number>()
  private lines: readonly L[] = []
  private keyOf: (line: L) => string = String
  private sizes = new Float64Array(0)
  /** Where each line begins, and after the last one where it ends. */
  private starts = new Float64Array(1)

  /** The list is this one now; what was measured of its lines still counts. */
  lay(lines: readonly L[], keyOf: (line: L) => string, guess: (line: L) => number): void {
    if (lines === this.lines) return
    const { lines: before, sizes } = this
    const longer = lines.length - before.length
    this.lines = lines
    this.keyOf = keyOf
    this.sizes = new Float64Array(lines.length)
    for (const [at, line] of lines.entries()) {
      // Most lists grow at their beginning, and looking thousands of lines up would hold up a frame.
      this.sizes[at] = line === before[at - longer]
        ? sizes[at - longer]!
        : this.measured.get(keyOf(line)) ?? guess(line)
    }
    this.starts = new Float64Array(lines.length + 1)
    this.addUp(0)
  }

  /** So long are the lines from that one on. */
  measure(first: number, lengths: readonly number[]): void {
    let isNew = false
    for (const [place, length] of lengths.entries()) {
      const at = first + place
      if (at >= this.lines.length || this.sizes[at] === length) continue
      this.measured.set(this.keyOf(this.lines[at]!), length)
      this.sizes[at] = length
      isNew = true
    }
    if (isNew) this.addUp(first)
  }

  /** It is another list, or another width: nothing measured counts any more. */
  forget(): void {
    this.measured.clear()
    this.lines = []
    this.sizes = new Float64Array(0)
    this.starts = new Float64Array(1)
  }

  get whole(): number {
    return this.startOf(this.lines.length)
  }

  startOf(at: number): number {
    return this.starts[Math.min(at, this.lines.length)]!
  }

  /** The lines that reach into that stretch; beyond an end, the line that is there. */
  between(top: number, bottom: number): Span {
    const { length } = this.lines
    if (length === 0) return { first: 0, end: 0 }
    const first = Math.max(0, this.count((start) => start <= top) - 1)
    return { first, end: Math.max(first + 1, this.count((start) => start < bottom)) }
  }

  /** The way from the lines that stand to those of `goal`: by that many pixels at each end, and at once to `sight`. */
  towards(goal: Span, sight: Span, stands: Span, pixels: number): Span {
    const reach = this.between(this.startOf(stands.first) - pixels, this.startOf(stands.end) + pixels)
    if (reach.end < sight.first || reach.first > sight.end) return sight
    return {
      first: Math.min(sight.first, Math.max(goal.first, reach.first)),
      end: Math.max(sight.end, Math.min(goal.end, reach.end)),
    }
  }

  private addUp(from: number): void {
    for (let at = from; at < this.sizes.length; at += 1) {
      this.starts[at + 1] = this.starts[at]! + this.sizes[at]!
    }
  }

  /** Of how many lines that is true, which begin above all others. */
  private count(isAbove: (start: number) => boolean): number {
    let low = 0
    let high = this.lines.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (isAbove(this.starts[middle]!)) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Whether all of the other stands in the span. */
export function holds(span: Span, other: Span): boolean {
  return span.first <= other.first && span.end >= other.end
}
