import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Appends values as lines of JSON, durable when it resolves. A line torn by a crash is ended first. */
export async function appendLines(path: string, values: readonly unknown[]): Promise<void> {
  if (values.length === 0) return
  await mkdir(dirname(path), { recursive: true })
  const file = await open(path, 'a+')
  try {
    const { size } = await file.stat()
    const last = Buffer.alloc(1)
    if (size > 0) await file.read(last, 0, 1, size - 1)
    const prefix = size > 0 && last[0] !== 0x0a ? '\n' : ''
    await file.writeFile(prefix + values.map((value) => `${JSON.stringify(value)}\n`).join(''))
    await file.datasync()
  } finally {
    await file.close()
  }
}
