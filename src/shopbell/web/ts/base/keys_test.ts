import { nameOf, stepTo } from './keys.ts'

function same<T>(got: T, wanted: T): void {
  if (got !== wanted) throw new Error(`${JSON.stringify(got)} is not ${JSON.stringify(wanted)}`)
}

function key(
  key: string,
  held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {},
) {
  return nameOf({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held })
}

Deno.test('a letter is itself, with Caps Lock or without', () => {
  same(key('e'), 'e')
  same(key('E'), 'e')
})

Deno.test('a sign is what it shows, however it is typed', () => same(key('?', { shiftKey: true }), '?'))

Deno.test('Control and Command are one', () => {
  same(key('k', { ctrlKey: true }), 'Mod+k')
  same(key('k', { metaKey: true }), 'Mod+k')
})

Deno.test('keys that are held count for named keys', () => {
  same(key('Enter', { shiftKey: true }), 'Shift+Enter')
  same(key('Enter', { ctrlKey: true }), 'Mod+Enter')
  same(key('ArrowUp', { altKey: true }), 'Alt+ArrowUp')
})

Deno.test('arrows stop at the ends of a list', () => {
  same(stepTo('ArrowDown', -1, 3), 0)
  same(stepTo('ArrowDown', 2, 3), 2)
  same(stepTo('ArrowUp', -1, 3), 0)
  same(stepTo('End', 0, 3), 2)
  same(stepTo('Home', 2, 3), 0)
})

Deno.test('other keys lead nowhere, and an empty list nowhere at all', () => {
  same(stepTo('x', 0, 3), undefined)
  same(stepTo('ArrowDown', -1, 0), undefined)
})
