import { testSector } from '@cairn/testing'
import { encodeReading, template } from './index.ts'

testSector({
  sector: template,
  vectors: [
    encodeReading({ cell: 7, takenMs: 1000, value: 20_000 }),
    encodeReading({ cell: 7, takenMs: 2000, value: 20_400 }),
    encodeReading({ cell: 9, takenMs: 3000, value: -5_000 }),
  ],
  encode: encodeReading,
})
