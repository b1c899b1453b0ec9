/** What a report may hold at most, spec 2. */
export const REPORT_LIMITS = {
  observations: 1024,
  observationBytes: 1024,
  reportBytes: 131_072,
} as const

/** Width of a header. */
export const HEADER_BYTES = 83

/** The only version of the header there is. */
export const REPORT_VERSION = 1
