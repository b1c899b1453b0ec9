import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, createHmac } from 'node:crypto'
import { once } from 'node:events'

/** An S3 server in a process of its own, with an account. */
export interface S3Server {
  /** `http://host:port`. */
  readonly origin: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  stop(): Promise<void>
}

/** Starts a program of Node and waits until it prints what the pattern matches. Its standard error goes to ours. */
export async function startNode(
  args: readonly string[],
  ready: RegExp,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly ready: RegExpExecArray; readonly stop: () => Promise<void> }> {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const stop = () => end(child)
  let text = ''
  try {
    for await (const part of child.stdout) {
      text += part
      const match = ready.exec(text)
      if (match === null) continue
      child.stdout.resume()
      return { ready: match, stop }
    }
  } catch (error) {
    await stop()
    throw error
  }
  throw new Error(`node ${args.join(' ')} ended before it was ready; it printed: ${text}`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGINT')
  const late = setTimeout(() => child.kill('SIGKILL'), 15_000)
  await ended
  clearTimeout(late)
}

/**
 * Path and query of a request that carries its own signature, good for a day; the body is not signed.
 * AWS Signature Version 4, "Authenticating Requests: Using Query Parameters".
 *
 * @param path `/bucket/key`, of characters that need no escape
 */
export function presign(server: S3Server, method: string, path: string, nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, '')
  const scope = `${stamp.slice(0, 8)}/us-east-1/s3/aws4_request`
  const query = [
    ['X-Amz-Algorithm', 'AWS4-HMAC-SHA256'],
    ['X-Amz-Credential', `${server.accessKeyId}/${scope}`],
    ['X-Amz-Date', stamp],
    ['X-Amz-Expires', '86400'],
    ['X-Amz-SignedHeaders', 'host'],
  ]
    .map(([name, value]) => `${name}=${encodeURIComponent(value!)}`)
    .join('&')
  const request = [method, path, query, `host:${new URL(server.origin).host}`, '', 'host', 'UNSIGNED-PAYLOAD']
  const digest = createHash('sha256').update(request.join('\n')).digest('hex')
  const key = scope
    .split('/')
    .reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${server.secretAccessKey}`)
  const signature = hmac(key, ['AWS4-HMAC-SHA256', stamp, scope, digest].join('\n')).toString('hex')
  return `${path}?${query}&X-Amz-Signature=${signature}`
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
