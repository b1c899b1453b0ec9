import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { createLogger, type Logger } from '@cairn/runtime'
import pino from 'pino'

/** A logger of a service that runs inside another program: to a file, so that the program's own words stay readable. */
export function fileLogger(name: string, path: string): Logger {
  mkdirSync(dirname(path), { recursive: true })
  return createLogger({ name, level: 'info', destination: pino.destination({ dest: path, sync: false }) })
}
