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

/**
 * What serves customers, by sector. Apart from the sectors, since storage has a gateway before it has reports: what its operators are paid for is proven on chain.
 */
export const standardGateways = new Map([
  ['storage', async () => (await import('@cairn/sector-storage/gateway')).createGateway],
])

/** What keeps and proves for customers, by sector, loaded where it is used. Apart from the agents' drivers, since it makes no observations. */
export const standardOperators = new Map([
  ['storage', async () => (await import('@cairn/sector-storage/operator')).createOperator],
])

/** What a sector computes for people at a command line, loaded where it is used. Each command says what it needs of them. */
export const standardTools = {
  storage: async () => import('@cairn/sector-storage/tools'),
}
