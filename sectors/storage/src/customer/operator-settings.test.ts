import { expect, test } from 'vitest'
import { GatewaySettingError } from '../gateway/create-gateway.ts'
import { parseOperatorSettings } from './operator-settings.ts'

const given = {
  rowsPerOperator: 1,
  bundleMs: 3_600_000,
  rebuildMs: 86_400_000,
  auditMs: 21_600_000,
  restore: false,
  refreshMs: 10_000,
}
const parse = (settings: unknown) =>
  parseOperatorSettings(
    settings,
    (field, _value, expected) =>
      new GatewaySettingError({ code: 'malformed_gateway_setting', field, message: field, fix: expected }),
  )

test('default: a code and countries are as said, or open', () => {
  expect(parse(given)).toEqual({ ...given, code: undefined, countries: undefined })
  const narrow = { ...given, code: { dataRows: 10, rows: 16 }, countries: ['CH', 'DE'] }
  expect(parse(narrow)).toEqual(narrow)
})

test.each([
  ['rowsPerOperator', { ...given, rowsPerOperator: 0 }],
  ['bundleMs', { ...given, bundleMs: 10 }],
  ['rebuildMs', { ...given, rebuildMs: undefined }],
  ['auditMs', { ...given, auditMs: 0 }],
  ['refreshMs', { ...given, refreshMs: Number.NaN }],
  ['countries', { ...given, countries: [] }],
  ['countries', { ...given, countries: ['Switzerland'] }],
  ['code', { ...given, code: { dataRows: 16, rows: 10 } }],
  ['code', { ...given, code: '10/16' }],
  ['rowsPerOperator', 'all'],
])('error: %s in %j', (field, settings) => {
  expect(() => parse(settings)).toThrow(expect.objectContaining({ code: 'malformed_gateway_setting', field }))
})
