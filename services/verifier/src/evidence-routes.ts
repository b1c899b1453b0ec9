import type { NetworkSession } from '@cairn/recompute'
import type { Hono } from 'hono'

const idForm = /^0x[0-9a-f]{64}$/

/** Serves the mirrored evidence as an ingest does (spec 3). Nothing is here before its sealing is over, so nothing is given too early. */
export function evidenceRoutes({ network, evidence, history }: NetworkSession): (app: Hono) => void {
  return (app) => {
    app.get('/v1/networks/:network/commitments/:root', async (c) => {
      const root = c.req.param('root').toLowerCase()
      if (c.req.param('network').toLowerCase() !== network || !idForm.test(root)) return c.notFound()
      const slot = history.slots.list.find((slot) => slot.root === root)
      const segments = await evidence.manifest(root as `0x${string}`)
      if (slot === undefined || segments === undefined) return c.json(notHere(`commitment ${root}`), 404)
      const { epoch, count, sizeBytes } = slot
      return c.json({ epoch, count, sizeBytes, segments })
    })
    app.get('/v1/networks/:network/segments/:id', async (c) => {
      const id = c.req.param('id').toLowerCase()
      if (c.req.param('network').toLowerCase() !== network || !idForm.test(id)) return c.notFound()
      const bytes = await evidence.segment(id as `0x${string}`)
      if (bytes === undefined) return c.json(notHere(`segment ${id}`), 404)
      return c.body(bytes as Uint8Array<ArrayBuffer>, 200, {
        'content-type': 'application/octet-stream',
        'cache-control': 'public, max-age=31536000, immutable',
      })
    })
  }
}

function notHere(what: string): { code: string; message: string; fix: string } {
  return {
    code: 'not_published',
    message: `This verifier does not hold ${what}.`,
    fix: 'Ask again after the sealing window of its epoch, or ask the ingest or another verifier.',
  }
}
