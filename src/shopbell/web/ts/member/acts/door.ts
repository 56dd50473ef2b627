/** Getting in: signing up and in, and having a link mailed for a new password. */
import { t } from '../../base/texts.ts'
import type { Problem } from '../../live/types.ts'
import { type Acts, type Blank, type Door, EMPTY_DOOR } from '../screen.ts'
import type { Ask, Outcome } from './asking.ts'
import type { Stage } from './stage.ts'

const SHORTEST_PASSWORD = 8

type Ways = Pick<Acts, 'fill' | 'signUp' | 'signIn' | 'forgot'>

/** `entered` is told who has a session once somebody has. */
export function doorActs(stage: Stage, ask: Ask, entered: (personId: string) => void): Ways {
  const patch = (change: Partial<Door>) => stage.set({ door: { ...stage.screen.door, ...change } })

  async function enter(
    wanted: readonly Blank[],
    knock: (blanks: Door['blanks']) => Promise<Outcome<{ person: { id: string } }>>,
  ) {
    const { blanks, isBusy } = stage.screen.door
    if (isBusy) return
    const lacking = lacks(blanks, wanted)
    if (lacking) return refuse(lacking)
    patch({ isBusy: true, problem: null })
    const answer = await knock(blanks)
    if (!answer.ok) return refuse(answer.problem)
    stage.set({ door: EMPTY_DOOR })
    entered(answer.value.person.id)
  }

  function refuse(problem: Problem): void {
    patch({ isBusy: false, problem: placed(problem) })
    // Once the refusal is drawn, the first field it is about is the one to mend.
    requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
  }

  return {
    fill(blank, value) {
      const { door } = stage.screen
      patch({ blanks: { ...door.blanks, [blank]: value }, problem: without(door.problem, blank) })
    },
    signUp: () =>
      void enter(['first_name', 'last_name', 'email', 'password', 'agreed'], (blanks) => {
        const { first_name, last_name, email, password } = blanks
        return ask('POST /people', { body: { first_name, last_name, email, password } })
      }),
    signIn: () =>
      void enter(
        ['email', 'password'],
        ({ email, password }) => ask('POST /people/sessions', { body: { email, password } }),
      ),
    async forgot() {
      const { blanks, isBusy, mailed } = stage.screen.door
      if (isBusy) return
      const email = mailed ?? blanks.email
      const lacking = lacks({ ...blanks, email }, ['email'])
      if (lacking) return refuse(lacking)
      patch({ isBusy: true, problem: null })
      const answer = await ask('POST /password/resets', { body: { email, side: 'person' } })
      if (answer.ok) patch({ isBusy: false, mailed: email })
      else refuse(answer.problem)
    },
  }
}

// What is said about an address belongs beside it.
function placed(problem: Problem): Problem {
  if (problem.code !== 'email_taken') return problem
  return { ...problem, errors: [{ field: 'email', detail: problem.detail }] }
}

// The server refuses these too, but names one at a time.
function lacks(blanks: Door['blanks'], wanted: readonly Blank[]): Problem | null {
  const errors = wanted.flatMap((blank) => {
    const detail = lack(blank, blanks[blank], wanted)
    return detail ? [{ field: blank, detail }] : []
  })
  if (errors.length === 0) return null
  return { type: '', code: 'invalid', title: '', status: 422, detail: errors[0]?.detail ?? '', errors }
}

function lack(blank: Blank, value: string, wanted: readonly Blank[]): string {
  const isNew = wanted.includes('agreed')
  switch (blank) {
    case 'first_name':
      return value.trim() ? '' : t('Enter your first name.')
    case 'last_name':
      return value.trim() ? '' : t('Enter your last name.')
    case 'email':
      return value.includes('@') ? '' : t('Enter your e-mail address, such as nell@example.com.')
    case 'password':
      if (!value) return isNew ? t('Choose a password.') : t('Enter your password.')
      return isNew && [...value].length < SHORTEST_PASSWORD ? t('Use at least 8 characters.') : ''
    case 'agreed':
      return value ? '' : t('Tick this box to sign up. Shopbell is for adults.')
  }
}

function without(problem: Problem | null, blank: Blank): Problem | null {
  if (!problem?.errors) return problem
  const errors = problem.errors.filter((error) => error.field !== blank)
  return errors.length ? { ...problem, errors } : null
}
