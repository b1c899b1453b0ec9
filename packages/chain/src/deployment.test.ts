import { expect, test } from 'vitest'
import {
  type Deployment,
  DeploymentError,
  parseDeployment,
  serializeDeployment,
  singletons,
} from './deployment.ts'

const deployment: Deployment = {
  chainId: 31_337,
  block: 7,
  addresses: Object.fromEntries(
    singletons.map((name, i) => [name, `0x${String((i + 1) % 10).repeat(40)}`]),
  ) as unknown as Deployment['addresses'],
}

test('default: what was written is read back', () => {
  expect(parseDeployment(JSON.parse(serializeDeployment(deployment)))).toEqual(deployment)
})

test.each([
  [undefined, 'deployment'],
  [{ ...deployment, chainId: '1' }, 'chainId'],
  [{ ...deployment, block: -1 }, 'block'],
  [{ ...deployment, addresses: { ...deployment.addresses, stake: '0x12' } }, 'addresses.stake'],
  [{ ...deployment, addresses: {} }, 'addresses.networks'],
])('error: %j names %s', (value, field) => {
  expect(() => parseDeployment(value)).toThrow(DeploymentError)
  expect(() => parseDeployment(value)).toThrow(expect.objectContaining({ field }))
})
