import { access } from 'node:fs/promises'
import { isMissing } from './write-atomic.ts'

/** Whether there is a file or folder of that name. @throws whatever keeps it from being known */
export async function fileExists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}
