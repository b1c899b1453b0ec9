/** A range of epochs in words. */
export function epochsText(first: number, last = first): string {
  return first === last ? `epoch ${first}` : `epochs ${first} to ${last}`
}
