/** The door: signing up, signing in, asking for a new password. */
import { html, nothing, type TemplateResult } from 'lit-html'
import { t } from '../../base/texts.ts'
import { apart } from '../../ui/apart.ts'
import { button } from '../../ui/button.ts'
import { field, type FieldOptions } from '../../ui/field.ts'
import { icon, mark } from '../../ui/icon.ts'
import { doorScene } from '../drawings.ts'
import { pathTo } from '../routes.ts'
import type { App, Blank } from '../screen.ts'
import { oneField, overall } from './refused.ts'

/** The form at the present route, which is one of the three. */
export function doorPage(app: App): TemplateResult {
  const { name } = app.screen.route
  const form = name === 'sign-up' ? signUp(app) : name === 'forgotten' ? forgotten(app) : signIn(app)
  return html`
    <div class="door">
      <main>
        <div class="door-in">
          <p class="brand">${mark()}<span>Shopbell</span></p>
          ${form}
        </div>
      </main>
      ${doorScene()}
    </div>
  `
}

function signIn(app: App): TemplateResult {
  const { door } = app.screen
  return html`
    ${heading(t('Come on in'), t('Sign in to chat with the shops you like.'))}
    <form novalidate @submit=${submitting(app.acts.signIn)}>
      ${overall(door.problem, ['email', 'password'])} ${email(app)} ${blank(app, {
        name: 'password',
        label: t('Password'),
        type: 'password',
        autocomplete: 'current-password',
        aside: html`<a class="small" href=${at(app, 'forgotten')}>${t('Forgotten it?')}</a>`,
      })} ${submit(app, t('Sign in'), t('Signing in…'))}
    </form>
    <p class="small muted">${t('New here?')} <a href=${at(app, 'sign-up')}>${t('Sign up')}</a></p>
  `
}

function signUp(app: App): TemplateResult {
  const { door } = app.screen
  return html`
    ${heading(t('Say hello'), t('One account for every shop with a bell.'))}
    <form novalidate @submit=${submitting(app.acts.signUp)}>
      ${overall(door.problem, ['first_name', 'last_name', 'email', 'password', 'agreed'])}
      <div class="pair">
        ${blank(app, { name: 'first_name', label: t('First name'), autocomplete: 'given-name' })} ${blank(
          app,
          {
            name: 'last_name',
            label: t('Last name'),
            autocomplete: 'family-name',
          },
        )}
      </div>
      ${email(app)} ${blank(app, {
        name: 'password',
        label: t('Password'),
        type: 'password',
        autocomplete: 'new-password',
        hint: t('At least 8 characters.'),
      })} ${agreement(app)} ${submit(app, t('Sign up'), t('Signing up…'))}
    </form>
    <p class="small muted">${t('Been here before?')} <a href=${at(app, 'sign-in')}>${t('Sign in')}</a></p>
  `
}

function agreement(app: App): TemplateResult {
  const { door } = app.screen
  const wrong = oneField(door.problem, 'agreed')
  const base = app.screen.root.replace(/\/app$/, '')
  return html`
    <div class="field ${wrong ? 'wrong' : ''}">
      <label class="check"><input
        type="checkbox"
        name="agreed"
        required
        aria-invalid=${wrong ? 'true' : nothing}
        aria-describedby=${wrong ? 'agreed-error' : nothing}
        .checked=${door.blanks.agreed === 'yes'}
        @change=${(event: Event) =>
          app.acts.fill('agreed', (event.currentTarget as HTMLInputElement).checked ? 'yes' : '')}
      /><span>${t('I am 18 or older and accept the terms and the privacy notice.')}</span></label>
      <p class="hint"><a href="${base}/terms" target="_blank">${t('Terms')}</a>${apart}<a
        href="${base}/privacy"
        target="_blank"
      >${t('Privacy notice')}</a></p>
      ${wrong ? html`<p class="error" id="agreed-error">${icon('alert', 's')}${wrong}</p>` : nothing}
    </div>
  `
}

function forgotten(app: App): TemplateResult {
  const { acts, screen: { door } } = app
  const back = html`<p class="small muted"><a href=${at(app, 'sign-in')}>${t('Back to sign-in')}</a></p>`
  if (door.mailed !== null) {
    return html`
      ${heading(t('Look into your mail'), '')}
      <p role="status">${t(
        'If somebody signed up with this address, a link for a new password is on its way to it:',
      )}
        <bdi class="strong">${door.mailed}</bdi></p>
      <p class="small muted">${t('It works once, for an hour.')}</p>
      ${overall(door.problem, [])} ${button({
        label: t('Send again'),
        size: 'large',
        wide: true,
        busy: door.isBusy ? t('Sending…') : '',
        press: acts.forgot,
      })} ${back}
    `
  }
  return html`
    ${heading(t('A new password'), t('We mail you a link to set one.'))}
    <form novalidate @submit=${submitting(acts.forgot)}>
      ${overall(door.problem, ['email'])} ${email(app)} ${submit(app, t('Send the link'), t('Sending…'))}
    </form>
    ${back}
  `
}

function heading(title: string, line: string): TemplateResult {
  return html`
    <div class="stack tight">
      <h1 tabindex="-1">${title}</h1>
      ${line ? html`<p class="muted">${line}</p>` : nothing}
    </div>
  `
}

function email(app: App): TemplateResult {
  return blank(app, { name: 'email', label: t('E-mail'), type: 'email', autocomplete: 'username' })
}

function blank(app: App, options: FieldOptions & { name: Blank }): TemplateResult {
  const { door } = app.screen
  return field({
    ...options,
    value: door.blanks[options.name],
    error: oneField(door.problem, options.name),
    input: (value) => app.acts.fill(options.name, value),
  })
}

function submit(app: App, label: string, busy: string): TemplateResult {
  return button({
    label,
    kind: 'primary',
    type: 'submit',
    size: 'large',
    wide: true,
    busy: app.screen.door.isBusy ? busy : '',
  })
}

function submitting(act: () => void): (event: SubmitEvent) => void {
  return (event) => {
    event.preventDefault()
    act()
  }
}

function at(app: App, name: 'sign-in' | 'sign-up' | 'forgotten'): string {
  const { route, root } = app.screen
  return pathTo({ name, to: 'to' in route ? route.to : null }, root)
}
