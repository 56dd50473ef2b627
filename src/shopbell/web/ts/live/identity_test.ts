import { equal } from './asserting.ts'
import { remember, remembered } from './identity.ts'

/** A storage with room for what is there already. */
function full(stored: Map<string, string>): Storage {
  return {
    getItem: (key: string) => stored.get(key) ?? null,
    removeItem: (key: string) => stored.delete(key),
    setItem() {
      throw new DOMException('The storage is full.', 'QuotaExceededError')
    },
  } as unknown as Storage
}

Deno.test('a storage that is full tells of nobody who was here before', () => {
  const stored = new Map([['shopbell/person/login', 'nell']])
  const own = Object.getOwnPropertyDescriptor(globalThis, 'localStorage')!
  Object.defineProperty(globalThis, 'localStorage', { configurable: true, value: full(stored) })
  try {
    equal(remembered('person', ''), 'nell')
    remember('person', '', 'ada')
    equal(remembered('person', ''), null)
  } finally {
    Object.defineProperty(globalThis, 'localStorage', own)
  }
})
