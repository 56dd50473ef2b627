/** The sound of the shop bell, made on the spot so that no file has to be fetched. */

import { ringing, SILENT } from './ringing.ts'

/** Two partials about a fifth apart; the upper one is fainter and dies away sooner. */
const PARTIALS = [
  { hertz: 1174.7, gain: 0.5, seconds: 0.66 },
  { hertz: 1765, gain: 0.24, seconds: 0.42 },
] as const
const TAP = [{ hertz: 640, gain: 0.2, seconds: 0.12 }] as const
const ATTACK_SECONDS = 0.008
const CHECK_MS = 500

export interface Bell {
  ring(): void
  tap(): void
  /** To be told whenever the number of unclaimed tickets may have changed. */
  unclaimed(count: number): void
  /** Whether the browser still holds sound back until somebody touches the page. */
  readonly held: boolean
}

/** `volume` is asked at every sound and answers 0 to 1. */
export function createBell(volume: () => number): Bell {
  let context: AudioContext | null = null
  let state = SILENT
  let count = 0
  let turn = false

  const open = (): AudioContext => (context ??= new AudioContext())
  const strike = (
    partials: readonly { hertz: number; gain: number; seconds: number }[],
    loudness: number,
  ) => {
    const level = volume() * loudness
    if (level <= 0 || !mayBeHeard()) return
    const audio = open()
    if (audio.state === 'suspended') void audio.resume()
    for (const { hertz, gain, seconds } of partials) sound(audio, hertz, gain * level, seconds)
  }

  for (const gesture of ['pointerdown', 'keydown']) {
    addEventListener(gesture, () => mayBeHeard() && void open().resume(), { passive: true })
  }
  // Of several tabs one rings; when it is closed, the next one has the turn.
  void navigator.locks?.request('shopbell-bell', () => {
    turn = true
    return new Promise(() => {})
  })
  const check = () => {
    const heard = ringing(state, count, performance.now())
    state = heard.next
    if (turn && heard.loudness > 0) strike(PARTIALS, heard.loudness)
  }
  setInterval(check, CHECK_MS)

  return {
    ring: () => strike(PARTIALS, 1),
    tap: () => strike(TAP, 1),
    unclaimed(next) {
      if (next === count) return
      count = next
      check()
    },
    get held() {
      return !mayBeHeard()
    },
  }
}

/** Until somebody has touched the page, a browser lets it make no sound. */
function mayBeHeard(): boolean {
  return navigator.userActivation?.hasBeenActive ?? true
}

function sound(audio: AudioContext, hertz: number, gain: number, seconds: number): void {
  const voice = audio.createOscillator()
  const envelope = audio.createGain()
  const start = audio.currentTime + 0.005
  voice.frequency.value = hertz
  envelope.gain.setValueAtTime(0, start)
  envelope.gain.linearRampToValueAtTime(gain, start + ATTACK_SECONDS)
  envelope.gain.exponentialRampToValueAtTime(0.0001, start + seconds)
  voice.connect(envelope).connect(audio.destination)
  voice.start(start)
  voice.stop(start + seconds)
}
