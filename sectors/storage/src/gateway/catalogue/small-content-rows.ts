import type { SmallContents } from '../content/disk-content-store.ts'
import type { Database } from './open-database.ts'

const idsAtATime = 1_000

/** Small contents beside the versions that they are of: what makes one durable makes the other. */
export function smallContentRows(db: Database): SmallContents {
  return {
    put: (id, sealed) => void db.run('insert into small_contents values (?, ?)', id, sealed),
    get(id) {
      const row = db.get('select sealed from small_contents where id = ?', id)
      return row === undefined ? undefined : (row.sealed as Uint8Array)
    },
    delete: (id) => db.run('delete from small_contents where id = ?', id).changes > 0,
    *ids() {
      let after = ''
      for (;;) {
        const page = [
          ...db.iterate('select id from small_contents where id > ? order by id limit ?', after, idsAtATime),
        ].map(({ id }) => String(id))
        yield* page
        if (page.length < idsAtATime) return
        after = page.at(-1)!
      }
    },
  }
}
