import { bytes, n, number, speak, t } from './texts.ts'

function same<T>(got: T, wanted: T): void {
  if (got !== wanted) throw new Error(`${JSON.stringify(got)} is not ${JSON.stringify(wanted)}`)
}

Deno.test('a text without a translation is its English words, filled in', () => {
  same(t('Close ticket #{number}', { number: 1042 }), 'Close ticket #1042')
  same(t('{name} has this ticket', { name: 'Ben' }), 'Ben has this ticket')
})

Deno.test('what is not given stays as it stands, and what is given is not read again', () => {
  same(t('{name} and {other}', { name: '{other}' }), '{other} and {other}')
})

Deno.test('a name that runs the other way cannot turn the sentence', () => {
  same(t('{name} has it', { name: 'أمل' }), '\u2068أمل\u2069 has it')
})

Deno.test('a name with controls of its own cannot break out of its place', () => {
  same(t('{name} has it', { name: 'Ben\u202e\u2069\u2066x' }), '\u2068Benx\u2069 has it')
})

Deno.test('a name of several paragraphs stays in its place', () => {
  same(t('{name} has it', { name: 'Ben\u2029\u05d0' }), '\u2068Ben \u05d0\u2069 has it')
})

Deno.test('one is one and all others are many', () => {
  const messages = (count: number) => n('{count} message', '{count} messages', count)
  same(messages(1), '1 message')
  same(messages(0), '0 messages')
  same(messages(1_204), '1,204 messages')
})

Deno.test('a translation has a form for each category, and falls back to English', () => {
  speak({ 'Send': 'Senden', '{count} messages': ['{count} Nachricht', '{count} Nachrichten'] })
  try {
    same(t('Send'), 'Senden')
    same(n('{count} message', '{count} messages', 1), '1 Nachricht')
    same(n('{count} message', '{count} messages', 2), '2 Nachrichten')
    same(t('Discard'), 'Discard')
  } finally {
    speak({})
  }
})

Deno.test('a number is grouped as one reads it', () => same(number(12_345), '12,345'))

Deno.test('a file is as large as the largest unit there is a whole one of', () => {
  same(bytes(0), '0 bytes')
  same(bytes(1), '1 byte')
  same(bytes(999), '999 bytes')
  same(bytes(1_499), '1 kB')
  same(bytes(1_250_000), '1.3 MB')
  same(bytes(25_000_000), '25 MB')
})
