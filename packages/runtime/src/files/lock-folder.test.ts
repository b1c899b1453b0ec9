import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lockFolder } from './lock-folder.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cairn-lock-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('lockFolder', () => {
  test('default: one at a time, whatever the folder is called, and another when it is released', async () => {
    const path = join(folder, 'a')
    const lock = await lockFolder(path)
    await symlink(path, join(folder, 'also-a'))
    await expect(lockFolder(join(folder, 'also-a'))).rejects.toMatchObject({
      code: 'folder_in_use',
      field: 'folder',
    })
    const other = await lockFolder(join(folder, 'b'))
    await lock.release()
    await (await lockFolder(path)).release()
    await other.release()
  })

  test('behavior: a killed process holds nothing', async () => {
    const path = join(folder, 'killed')
    const module = new URL('lock-folder.ts', import.meta.url).href
    const program = `const { lockFolder } = await import(${JSON.stringify(module)})
      await lockFolder(${JSON.stringify(path)})
      console.log('locked')
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    await expect(lockFolder(path)).rejects.toMatchObject({ code: 'folder_in_use' })
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
    await (await lockFolder(path)).release()
  })
})
