/** What a simulation records. Flows are means over the days since the last sample. */
export const metrics = [
  { name: 'supply', title: 'Supply', unit: 'tokens' },
  { name: 'burned', title: 'Burned', unit: 'tokens a day' },
  { name: 'emitted', title: 'Emitted', unit: 'tokens a day' },
  { name: 'revenueCover', title: 'Revenue cover', unit: 'dollars burned per dollar emitted' },
  { name: 'operators', title: 'Operators', unit: 'active' },
  { name: 'paybackDays', title: 'Payback time', unit: 'days until a device has earned its price' },
  { name: 'paid', title: 'Paid by customers', unit: 'dollars a day' },
  { name: 'price', title: 'Token price', unit: 'dollars' },
  { name: 'worth', title: 'Worth of a token', unit: 'dollars, from what is burned for good alone' },
] as const

export type MetricName = (typeof metrics)[number]['name']

/** Cover is cut here: there is no ratio to an emission of nothing. */
export const COVER_MAX = 100
/** Payback is cut here: a device that earns nothing never pays. */
export const PAYBACK_DAYS_MAX = 3_650
