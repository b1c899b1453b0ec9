/** Reasons that every sector shares; 5–99 are kept for the spine, 100 and above belong to the sector (spec 4). */
export const REASON = {
  accepted: 0,
  malformedBody: 1,
  copy: 2,
  unparsable: 3,
  quarantined: 4,
} as const

/** The shared reasons, each as one sentence for people. */
export const REASON_TEXT: Readonly<Record<number, string>> = {
  0: 'Accepted.',
  1: 'The body does not match the body root that the device signed.',
  2: 'Another report with the same device, epoch and sequence stands earlier in the evidence and counts instead.',
  3: 'The observation is not one that this sector can read.',
  4: 'The report is quarantined by governance.',
}
