import { SlabError } from './slab-error.ts'

/** What placement knows of an operator's device. */
export interface PlacementCandidate {
  readonly device: number
  /** Whose it is: two devices of one owner are one operator. */
  readonly owner: string
  /** The prefix of its address, /24 or /48. */
  readonly network: string
  /** ISO 3166-1, two letters, of the offer. */
  readonly country: string
  readonly freeBytes: number
  /** What its reputation leaves it of the placements it could have, 0 to 1 000 000. */
  readonly sharePpm: number
  /** Credits for 2⁴⁰ bytes and proving period. */
  readonly pricePerTib: bigint
}

/** What a customer asks of its operators. */
export interface PlacementRules {
  /** Rows of one slab with one operator at most; 1 unless the customer says otherwise. */
  readonly rowsPerOperator: number
  /** Only these; undefined for any. */
  readonly countries?: ReadonlySet<string> | undefined
  readonly mostPricePerTib?: bigint | undefined
}

export interface PlacementRequest {
  readonly rows: number
  readonly rowBytes: number
  readonly rules: PlacementRules
  /** Any number that differs from slab to slab: it orders what is equally good, and so spreads slabs. */
  readonly seed: number
  /** Devices that hold other rows of the slab, each as often as it holds one. */
  readonly holders?: readonly number[]
  /** Devices that are not to be asked: they do not answer, or refused. */
  readonly excluded?: ReadonlySet<number>
}

/**
 * Chooses a device for each row: distinct operators, then those that their share lets take part this time before those that sit out, then the fewest to a network, then
 * to a country. Who has no share at all gets nothing; who sits out is taken where there are not enough others. A function of its arguments alone.
 *
 * @throws SlabError `too_few_operators`, which says how many there are and why others do not count
 */
export function placeRows<Candidate extends PlacementCandidate>(
  candidates: readonly Candidate[],
  request: PlacementRequest,
): readonly Candidate[] {
  const places = openPlaces(candidates, request)
  const chosen: Candidate[] = []
  while (chosen.length < request.rows) {
    const best = places.best()
    if (best === undefined) throw tooFew(candidates, request, chosen.length)
    places.take(best)
    chosen.push(best)
  }
  return chosen
}

/** For how many rows, `most` at most, there are operators. */
export function countPlaces(
  candidates: readonly PlacementCandidate[],
  request: Omit<PlacementRequest, 'rows'>,
  most: number,
): number {
  const places = openPlaces(candidates, { ...request, rows: most })
  let count = 0
  for (let best = places.best(); best !== undefined && count < most; best = places.best()) {
    places.take(best)
    count += 1
  }
  return count
}

function openPlaces<Candidate extends PlacementCandidate>(
  candidates: readonly Candidate[],
  request: PlacementRequest,
) {
  const { rowBytes, rules, seed, holders = [] } = request
  const [byOwner, byNetwork, byCountry] = [counter(), counter(), counter()]
  const byDevice = new Map<number, number>()
  const take = ({ device, owner, network, country }: PlacementCandidate) => {
    byOwner.add(owner)
    byNetwork.add(network)
    byCountry.add(country)
    byDevice.set(device, (byDevice.get(device) ?? 0) + 1)
  }
  for (const device of holders) {
    const holder = candidates.find((candidate) => candidate.device === device)
    if (holder !== undefined) take(holder)
  }
  // What a holder has of the slab already is in its free bytes.
  byDevice.clear()
  const fitting = candidates.filter((candidate) => whyNot(candidate, request) === undefined)
  const rank = (candidate: Candidate) => [
    byOwner.of(candidate.owner),
    sitsOut(seed, candidate) ? 1 : 0,
    byNetwork.of(candidate.network),
    byCountry.of(candidate.country),
    mix(seed, candidate.device),
    candidate.device,
  ]
  const hasRoom = ({ owner, device, freeBytes }: Candidate) =>
    byOwner.of(owner) < rules.rowsPerOperator && freeBytes >= rowBytes * ((byDevice.get(device) ?? 0) + 1)
  return {
    take,
    best(): Candidate | undefined {
      let best: { readonly candidate: Candidate; readonly rank: readonly number[] } | undefined
      for (const candidate of fitting) {
        if (!hasRoom(candidate)) continue
        const own = rank(candidate)
        if (best === undefined || isBefore(own, best.rank)) best = { candidate, rank: own }
      }
      return best?.candidate
    },
  }
}

function counter() {
  const counts = new Map<string, number>()
  return {
    of: (key: string) => counts.get(key) ?? 0,
    add: (key: string) => void counts.set(key, (counts.get(key) ?? 0) + 1),
  }
}

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  for (const [i, value] of a.entries()) if (value !== b[i]) return value < b[i]!
  return false
}

/** Out of so many seeds as its share leaves it nothing of. */
const sitsOut = (seed: number, { device, sharePpm }: PlacementCandidate): boolean =>
  mix(~seed, device) * 1e6 >= sharePpm * 2 ** 32

/** Two numbers to one of 32 bits that looks random (the finaliser of MurmurHash3, Appleby, public domain). */
function mix(seed: number, device: number): number {
  let h = (seed ^ Math.imul(device, 0x9e3779b1)) >>> 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

const reasons = {
  excluded: 'do not answer or refused',
  full: 'have less free space than a row',
  country: 'are in other countries',
  price: 'ask for more than the highest price',
  reputation: 'have no share of placements left by their reputation',
}

/** Why a candidate can hold no row at all, whatever the others do. */
function whyNot(
  { device, freeBytes, country, pricePerTib, sharePpm }: PlacementCandidate,
  { rowBytes, rules, excluded }: PlacementRequest,
): keyof typeof reasons | undefined {
  if (excluded?.has(device) === true) return 'excluded'
  if (rules.countries !== undefined && !rules.countries.has(country)) return 'country'
  if (rules.mostPricePerTib !== undefined && pricePerTib > rules.mostPricePerTib) return 'price'
  if (sharePpm <= 0) return 'reputation'
  return freeBytes < rowBytes ? 'full' : undefined
}

function tooFew(
  candidates: readonly PlacementCandidate[],
  request: PlacementRequest,
  placed: number,
): SlabError {
  const counts = (Object.keys(reasons) as (keyof typeof reasons)[]).map((reason) => ({
    reason,
    count: candidates.filter((candidate) => whyNot(candidate, request) === reason).length,
  }))
  const why = counts
    .filter(({ count }) => count > 0)
    .map(({ reason, count }) => `${count} ${reasons[reason]}`)
  const owners = new Set(candidates.map(({ owner }) => owner)).size
  return new SlabError({
    code: 'too_few_operators',
    message: `${request.rows} rows of ${request.rowBytes} bytes need as many places with distinct operators, and there are ${placed}: ${candidates.length} devices of ${owners} operators are known${why.length === 0 ? '' : `, of which ${why.join(', ')}`}.`,
    fix: 'Wait for operators to return or to free space, take offers of more operators, choose a smaller code, or allow more rows to an operator with --rows-per-operator.',
    field: 'rows',
    value: String(request.rows),
    meta: {
      needed: request.rows,
      placed,
      known: candidates.length,
      ...Object.fromEntries(counts.map(({ reason, count }) => [reason, count])),
    },
  })
}
