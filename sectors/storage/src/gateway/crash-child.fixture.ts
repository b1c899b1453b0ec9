import { startS3Gateway } from './s3-gateway.ts'
import { testGatewayOptions } from './test-gateway-options.fixture.ts'

/** A gateway as a process of its own, to be killed: prints its URL when it serves. */
const { url } = await startS3Gateway(testGatewayOptions(process.argv[2]!))
process.stdout.write(`${url}\n`)
