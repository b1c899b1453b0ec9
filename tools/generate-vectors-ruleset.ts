import {
  parseRuleset,
  type Ruleset,
  type RulesetError,
  rulesetHash,
  serializeRuleset,
  toHex,
} from '@cairn/protocol'
import type { GeneratedFile } from './generated-files.ts'
import { vectorFile } from './vector-keys.ts'

const rulesets: readonly Ruleset[] = [
  {
    sector: 'wireless',
    version: 1,
    programs: [{ name: 'usage', weightBps: 10_000 }],
    params: {},
    carryEpochs: 8,
  },
  {
    sector: 'storage',
    version: 4_294_967_295,
    programs: [
      { name: 'capacity', weightBps: 3_334 },
      { name: 'retrieval', weightBps: 3_333 },
      { name: 'bootstrap', weightBps: 0 },
      { name: 'usage', weightBps: 3_333 },
    ],
    params: {
      zeta: [true, false, [], {}, -9_007_199_254_740_991, 9_007_199_254_740_991],
      Alpha: 'upper case sorts first',
      '10': 'keys sort as text',
      '9': '"quotes", \\backslashes\\ and /slashes/',
      '': 0,
    },
    carryEpochs: 0,
  },
  {
    sector: 'wireless',
    version: 1,
    programs: [
      { name: 'coverage', weightBps: 9_000 },
      { name: 'usage', weightBps: 1_000, returnBps: 8_000 },
    ],
    params: {},
    carryEpochs: 8,
    shifts: [
      { afterEpochs: 1_000, weightsBps: [9_000, 1_000] },
      { afterEpochs: 2_000, weightsBps: [0, 10_000] },
    ],
  },
]

/** Each is the first document with one thing changed. */
const refused: readonly (readonly [why: string, document: string])[] = [
  [
    'white space',
    '{"carryEpochs":8, "params":{},"programs":[{"name":"usage","weightBps":10000}],"sector":"wireless","version":1}',
  ],
  [
    'a repeated key',
    '{"carryEpochs":8,"carryEpochs":8,"params":{},"programs":[{"name":"usage","weightBps":10000}],"sector":"wireless","version":1}',
  ],
  [
    'another order of keys',
    '{"params":{},"carryEpochs":8,"programs":[{"name":"usage","weightBps":10000}],"sector":"wireless","version":1}',
  ],
  [
    'a fraction of zero',
    '{"carryEpochs":8.0,"params":{},"programs":[{"name":"usage","weightBps":10000}],"sector":"wireless","version":1}',
  ],
  [
    'an exponent',
    '{"carryEpochs":8,"params":{},"programs":[{"name":"usage","weightBps":1e4}],"sector":"wireless","version":1}',
  ],
  [
    'a needless escape',
    '{"carryEpochs":8,"params":{},"programs":[{"name":"\\u0075sage","weightBps":10000}],"sector":"wireless","version":1}',
  ],
  [
    'minus zero',
    '{"carryEpochs":-0,"params":{},"programs":[{"name":"usage","weightBps":10000}],"sector":"wireless","version":1}',
  ],
  [
    'null',
    '{"carryEpochs":8,"params":{"a":null},"programs":[{"name":"usage","weightBps":10000}],"sector":"wireless","version":1}',
  ],
  [
    'an integer of 2^53',
    '{"carryEpochs":8,"params":{"a":9007199254740992},"programs":[{"name":"usage","weightBps":10000}],"sector":"wireless","version":1}',
  ],
  [
    'a letter beyond ASCII',
    '{"carryEpochs":8,"params":{"a":"é"},"programs":[{"name":"usage","weightBps":10000}],"sector":"wireless","version":1}',
  ],
  [
    'weights of 9999',
    '{"carryEpochs":8,"params":{},"programs":[{"name":"usage","weightBps":9999}],"sector":"wireless","version":1}',
  ],
  ['no programs', '{"carryEpochs":8,"params":{},"programs":[],"sector":"wireless","version":1}'],
  [
    'an unknown key',
    '{"carryEpochs":8,"extra":1,"params":{},"programs":[{"name":"usage","weightBps":10000}],"sector":"wireless","version":1}',
  ],
  [
    'no shifts, with their key',
    '{"carryEpochs":8,"params":{},"programs":[{"name":"usage","weightBps":10000}],"sector":"wireless","shifts":[],"version":1}',
  ],
  [
    'a shift at 0',
    '{"carryEpochs":8,"params":{},"programs":[{"name":"usage","weightBps":10000}],"sector":"wireless","shifts":[{"afterEpochs":0,"weightsBps":[10000]}],"version":1}',
  ],
  [
    'a shift of more programs than there are',
    '{"carryEpochs":8,"params":{},"programs":[{"name":"usage","weightBps":10000}],"sector":"wireless","shifts":[{"afterEpochs":1,"weightsBps":[5000,5000]}],"version":1}',
  ],
  [
    'a shift of 9999',
    '{"carryEpochs":8,"params":{},"programs":[{"name":"usage","weightBps":10000}],"sector":"wireless","shifts":[{"afterEpochs":1,"weightsBps":[9999]}],"version":1}',
  ],
  [
    'shifts out of order',
    '{"carryEpochs":8,"params":{},"programs":[{"name":"usage","weightBps":10000}],"sector":"wireless","shifts":[{"afterEpochs":2,"weightsBps":[10000]},{"afterEpochs":2,"weightsBps":[10000]}],"version":1}',
  ],
  [
    'a bound of 0',
    '{"carryEpochs":8,"params":{},"programs":[{"name":"usage","returnBps":0,"weightBps":10000}],"sector":"wireless","version":1}',
  ],
  [
    'a bound above all of it',
    '{"carryEpochs":8,"params":{},"programs":[{"name":"usage","returnBps":10001,"weightBps":10000}],"sector":"wireless","version":1}',
  ],
]

/** Spec 4: documents and their hashes, and documents that are none. */
export async function generate(): Promise<GeneratedFile[]> {
  return [
    vectorFile('ruleset', {
      documents: rulesets.map((ruleset) => {
        const document = serializeRuleset(ruleset)
        return {
          text: new TextDecoder().decode(document),
          document: toHex(document),
          hash: rulesetHash(document),
          sector: ruleset.sector,
          version: String(ruleset.version),
          weightsBps: ruleset.programs.map(({ weightBps }) => String(weightBps)),
          carryEpochs: String(ruleset.carryEpochs),
        }
      }),
      refused: refused.map(([why, text]) => {
        const document = new TextEncoder().encode(text)
        return { why, code: refusalOf(document), document: toHex(document) }
      }),
    }),
  ]
}

function refusalOf(document: Uint8Array): string {
  try {
    parseRuleset(document)
  } catch (error) {
    return (error as RulesetError).code
  }
  throw new Error('A document that should be refused was parsed. Correct the vector or the parser.')
}
