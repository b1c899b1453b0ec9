import { expect, test } from 'vitest'
import { parseRequestRate } from '../peers/wrk.ts'
import { presign } from './s3-server.ts'

// The example of "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)".
test('default: a presigned path is the one of the AWS example', () => {
  const server = {
    origin: 'https://examplebucket.s3.amazonaws.com',
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    stop: async () => undefined,
  }
  const path = presign(server, 'GET', '/test.txt', Date.UTC(2013, 4, 24))
  expect(path).toMatch(/^\/test\.txt\?X-Amz-Algorithm=.*&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&/)
  expect(path.split('X-Amz-Signature=')[1]).toBe(
    'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
  )
})

test('behavior: the rate is read from the last line of the load, and failed requests are no rate', () => {
  expect(parseRequestRate('Running 2s test\n{"requests":300,"seconds":2.000000,"failed":0}\n')).toBe(150)
  expect(() => parseRequestRate('{"requests":300,"seconds":2,"failed":7}')).toThrowError(/7 failed/)
  expect(() => parseRequestRate('{"requests":0,"seconds":2,"failed":0}')).toThrowError(/0 requests/)
  expect(() => parseRequestRate('unable to connect')).toThrowError(/no result/)
})
