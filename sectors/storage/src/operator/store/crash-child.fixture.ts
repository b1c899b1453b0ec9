import { openRowStore } from './open-row-store.ts'
import { testRow } from './test-rows.fixture.ts'

/** Puts rows, 16 at a time, from a seed on, and says of each that it was kept; lets go and compacts all the while. */
const [folder, first] = process.argv.slice(2)
const store = await openRowStore({ folder: folder!, capacityBytes: 2 ** 30, volumeBytes: 60_000 })
process.stdout.write('open\n')
for (let seed = Number(first); ; seed += 16) {
  await Promise.all(
    Array.from({ length: 16 }, async (_, i) => {
      // Every third row is let go of at once.
      const row = testRow(seed + i, 700, (seed + i) % 3 === 0 ? 1 : 1_000_000)
      await store.put(row)
      process.stdout.write(`${seed + i}\n`)
    }),
  )
  if (seed % 64 === 0) await store.collect(10)
}
