// Surfaces that hold things: cards, lists, tables.

import { html, nothing, type TemplateResult } from 'lit-html'

export interface CardOptions {
  title?: string
  line?: string
  level?: 2 | 3
  /** At the far end of the heading. */
  action?: unknown
  body: unknown
  foot?: unknown
}

export interface Row {
  title: string
  line?: string
  href?: string
  /** Before and after the words. */
  start?: unknown
  end?: unknown
}

export interface Column {
  label: string
  /** Figures stand at the end. */
  figures?: boolean
}

export interface TableOptions {
  label: string
  columns: readonly Column[]
  rows: readonly (readonly unknown[])[]
}

export function card(
  { title = '', line = '', level = 2, action = nothing, body, foot }: CardOptions,
): TemplateResult {
  const heading = level === 2 ? html`<h2>${title}</h2>` : html`<h3>${title}</h3>`
  const words = html`<div class="grow">${heading}${
    line ? html`<p class="small muted">${line}</p>` : nothing
  }</div>`
  return html`<section class="card">${
    title ? html`<header>${words}${action}</header>` : nothing
  }<div class="body">${body}</div>${foot === undefined ? nothing : html`<footer>${foot}</footer>`}</section>`
}

/** Rows of a title and a second line; those with an address are links as a whole. */
export function list(rows: readonly Row[]): TemplateResult {
  return html`<ul class="list">${
    rows.map((row) => html`<li>${row.href === undefined ? plain(row) : linked(row)}</li>`)
  }</ul>`
}

export function table({ label, columns, rows }: TableOptions): TemplateResult {
  const place = (at: number) => columns[at]?.figures ? 'end' : nothing
  return html`
    <table class="table">
      <caption class="hidden">${label}</caption>
      <thead>
        <tr>${columns.map((column, at) => html`<th scope="col" class=${place(at)}>${column.label}</th>`)}</tr>
      </thead>
      <tbody>${rows.map((cells) =>
        html`<tr>${cells.map((cell, at) => html`<td class=${place(at)}>${cell}</td>`)}</tr>`
      )}</tbody>
    </table>
  `
}

function plain(row: Row): TemplateResult {
  return html`<div class="list-row">${inside(row)}</div>`
}

function linked(row: Row): TemplateResult {
  return html`<a class="list-row" href=${row.href ?? ''}>${inside(row)}</a>`
}

function inside({ title, line = '', start = nothing, end = nothing }: Row): TemplateResult {
  return html`${start}<span class="grow"><bdi class="list-title">${title}</bdi>${
    line ? html`<span class="list-line" dir="auto">${line}</span>` : nothing
  }</span>${end}`
}
