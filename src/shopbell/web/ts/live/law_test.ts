import { type Stream, tryLaw } from './law.ts'
import person from './recorded/person.json' with { type: 'json' }
import staff from './recorded/staff.json' with { type: 'json' }

// Streams of a real server, recorded by tests/web/recording.py; tests/web/test_fold.py tries new ones every time.

Deno.test('a recorded life, folded by the console, is what the console would fetch', () => {
  tryLaw(staff as unknown as Stream)
})

Deno.test('a recorded life, folded by the member app, is what the member app would fetch', () => {
  tryLaw(person as unknown as Stream)
})
