import { expect, test } from 'vitest'
import { loraGateways } from './lora-gateways.ts'

test('default: devices with EUIs for names; a disk in the same home keeps nobody from starting, and is told', () => {
  const told: unknown[] = []
  const log = { info: (fields: unknown) => void told.push(fields) }
  const names = ['0016c001f0000001', 'disk-0', '0016C001F0000002']
  expect(loraGateways(names, log as never)).toEqual({ '0016c001f0000001': '0016c001f0000001' })
  expect(told).toEqual([{ name: 'disk-0' }, { name: '0016C001F0000002' }])
})
