/**
 * The one list of sectors. Only composition roots import it.
 *
 * @packageDocumentation
 */
import type { Sector } from '@cairn/protocol'
import { template } from '@cairn/sector-template'
import { wireless } from '@cairn/sector-wireless'

const sectors: readonly Sector[] = [template, wireless]

/** The sectors that this release knows, by id. */
export const standardSectors: ReadonlyMap<string, Sector> = new Map(
  sectors.map((sector) => [sector.id, sector]),
)
