/** A new shop is most likely where its owner sits. */

/** Choose the reader's own time zone where none is chosen yet. */
export function guessTimeZone(): void {
  const choice = document.querySelector<HTMLSelectElement>('select[name="time_zone"]')
  if (choice === null || choice.value) return
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  if ([...choice.options].some((option) => option.value === zone)) choice.value = zone
}
