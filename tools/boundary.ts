/** Which part of the repository may import which, and why: the table behind the boundary test. */
import { matchesGlob } from 'node:path'
import { dirname, join } from 'node:path/posix'
import { parseImports } from './imports.ts'

/**
 * A rule on imports. Targets are the folder of a workspace (`packages/protocol`), a Node module (`node:fs`) or a
 * package of npm (`npm:viem`); all patterns are globs. A workspace may always import itself.
 */
export interface Rule {
  /** The files it speaks of. */
  from: string
  /** Files it does not speak of although they match {@link Rule.from}. */
  except?: readonly string[]
  /** Only the files of a sector that its index loads at once (`core`), or only the others (`facet`). */
  part?: 'core' | 'facet'
  /** The only targets allowed … */
  allow?: readonly string[]
  /** … or the targets denied. */
  deny?: readonly string[]
  /** Printed when the rule is broken. */
  why: string
}

/** Tests, and files that only tests import. */
const tests = '**/{*.test,arbitraries,*.arbitraries,fixtures,*.fixture}.ts'
const generators = 'tools/generate-*.ts'
const npm = 'npm:{*,*/*}'
const node = 'node:{*,*/*}'

/** DESIGN: protocol ← settlement, chain, runtime, testing ← services, apps. */
export const rules: readonly Rule[] = [
  {
    from: 'packages/protocol/**',
    except: [tests],
    allow: [],
    why: 'The protocol is pure and depends on nothing, so that device, verifier, browser and simulator run the very same code; cryptography is passed in.',
  },
  {
    from: 'packages/settlement/**',
    except: [tests],
    allow: ['packages/protocol'],
    why: 'Settlement is a pure function of sealed evidence; whatever else it could reach could change what people are paid.',
  },
  {
    from: 'packages/economics/**',
    except: [tests],
    allow: ['packages/protocol', npm],
    why: 'Emission and credit arithmetic is what contracts compute: it sees no disk, clock or thread, so that a simulator and a statement come to the same numbers anywhere.',
  },
  {
    from: 'packages/{chain,runtime,ui}/**',
    except: [tests],
    allow: ['packages/protocol', npm, node],
    why: 'Libraries beside each other stay independent, so that a program takes only what it needs; what two of them share belongs in protocol.',
  },
  {
    from: 'packages/recompute/**',
    except: [tests],
    allow: ['packages/{protocol,settlement,economics,chain,runtime}', npm, node],
    why: 'Recomputing joins settlement and economics to the world: it reads the chain, fetches and stores evidence; no service may be needed for it.',
  },
  {
    from: 'packages/testing/**',
    allow: ['packages/*', npm, node],
    why: 'The conformance suites serve every sector and service, so they cannot know any of them.',
  },
  {
    from: `packages/${tests}`,
    allow: ['packages/*', npm, node],
    why: 'A library is tested without what is built on it; stories of the whole stack belong in examples.',
  },
  {
    from: 'sectors/*/**',
    part: 'core',
    except: [tests, 'sectors/standard/**'],
    allow: ['packages/protocol', npm],
    why: 'What a sector pays must follow from its arguments alone: it sees the protocol, and no disk, network, clock or other sector.',
  },
  {
    from: 'sectors/*/**',
    part: 'facet',
    except: [tests, 'sectors/standard/**'],
    allow: ['packages/{protocol,runtime,ui}', npm, node],
    why: 'A facet adapts its sector to a host, and receives the chain, other services and other sectors from it by type.',
  },
  {
    from: `sectors/*/${tests}`,
    except: ['sectors/standard/**'],
    allow: ['packages/{protocol,runtime,ui,settlement,testing}', npm, node],
    why: 'A sector is one folder that can be copied away, so its tests know only the libraries.',
  },
  {
    from: 'sectors/standard/**',
    allow: ['sectors/*', 'packages/{protocol,testing}', npm],
    why: 'The list of sectors is a list: it imports the sectors and builds the registry.',
  },
  {
    from: 'services/**',
    deny: ['services/*', 'apps/*'],
    why: 'Services share formats through the protocol and meet at run time over logs and files, so that anybody can replace one.',
  },
  {
    from: 'services/**',
    except: [tests],
    deny: ['packages/{testing,ui}'],
    why: 'Suites and fakes stay out of what runs in production, and panels out of what has no screen.',
  },
  {
    from: '{services,apps}/**',
    except: [tests, '**/main.ts'],
    deny: ['sectors/*'],
    why: 'Only a composition root (main.ts) names the sectors, through sectors/standard; everything else receives the registry, so that a new sector changes nothing here.',
  },
  {
    from: '{services,apps}/**/main.ts',
    deny: ['sectors/!(standard)'],
    why: 'A composition root takes the one visible list, sectors/standard, so that every program knows the same sectors.',
  },
  {
    from: 'tools/generate-vectors-*.ts',
    deny: ['services/*', 'apps/*'],
    why: 'Vectors are of what two languages compute alike: the protocol, economics, and what a sector has on chain.',
  },
  {
    from: 'tools/**',
    except: ['tools/generate-vectors-*.ts'],
    deny: ['services/*', 'apps/*', 'sectors/*'],
    why: 'Tools build and check the rest; a tool that needs it to run cannot repair it. Only vectors are what the rest computes.',
  },
]

/** A workspace: its folder, and what its package.json says. */
export interface Workspace {
  folder: string
  name: string
  /** Names in dependencies, peerDependencies and optionalDependencies. */
  dependencies: readonly string[]
  /** Names in devDependencies. */
  devDependencies: readonly string[]
}

/** The whole repository, as far as imports go. */
export interface Repository {
  /** Includes the root, whose folder is ''. */
  workspaces: readonly Workspace[]
  /** Source text by path. */
  sources: ReadonlyMap<string, string>
}

/** Returns one paragraph for each import that breaks a rule: the file, the line, the import and the reason. */
export function findViolations(repository: Repository, table: readonly Rule[] = rules): string[] {
  const core = findSectorCores(repository.sources)
  return [...repository.sources].flatMap(([path, source]) =>
    parseImports(source).flatMap(({ specifier, line }) => {
      const target = resolveTarget(repository, path, specifier)
      const own = workspaceOf(repository, path)
      const reasons =
        target === own.folder
          ? crossingReasons(own, path, specifier)
          : [
              ...brokenRules(table, path, core.has(path) ? 'core' : 'facet', target),
              ...declarationReasons(repository, own, path, target),
            ]
      return reasons.map((why) => `${path}:${line} imports ${specifier}\n  ${why}`)
    }),
  )
}

/**
 * The pure part of every sector: the files its `src/index.ts` loads at once. Facets are behind `import()`, so what only
 * they load is not among them, wherever it lies.
 */
export function findSectorCores(sources: ReadonlyMap<string, string>): Set<string> {
  const core = new Set([...sources.keys()].filter((path) => matchesGlob(path, 'sectors/*/src/index.ts')))
  for (const path of core) {
    for (const { specifier, kind } of parseImports(sources.get(path) ?? '')) {
      const imported = join(dirname(path), specifier)
      if (specifier.startsWith('.') && kind === 'value' && sources.has(imported)) core.add(imported)
    }
  }
  return core
}

function brokenRules(table: readonly Rule[], path: string, part: Rule['part'], target: string): string[] {
  return table
    .filter((rule) => rule.part === undefined || rule.part === part)
    .filter(({ from, except = [] }) => matches(path, [from]) && !matches(path, except))
    .filter(
      ({ allow, deny = [] }) => (allow !== undefined && !matches(target, allow)) || matches(target, deny),
    )
    .map(({ why }) => why)
}

function matches(path: string, globs: readonly string[]): boolean {
  return globs.some((glob) => matchesGlob(path, glob))
}

/** The target of an import in the words of {@link Rule}. */
function resolveTarget(repository: Repository, path: string, specifier: string): string {
  if (specifier.startsWith('.')) return workspaceOf(repository, join(dirname(path), specifier)).folder
  if (specifier.startsWith('node:')) return specifier
  const name = packageName(specifier)
  return repository.workspaces.find((workspace) => workspace.name === name)?.folder ?? `npm:${name}`
}

function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

function workspaceOf(repository: Repository, path: string): Workspace {
  const inside = repository.workspaces.filter(({ folder }) => folder === '' || path.startsWith(`${folder}/`))
  const workspace = inside.sort((a, b) => b.folder.length - a.folder.length)[0]
  if (workspace === undefined) throw new Error(`${path} is in no workspace, not even the root`)
  return workspace
}

/** A relative path stays inside its workspace by definition here; a package does not import itself by name. */
function crossingReasons(own: Workspace, path: string, specifier: string): string[] {
  if (specifier.startsWith('.') || matchesGlob(path, tests)) return []
  return [
    `${own.name} imports itself by name, which makes a cycle through its index: use the path of the file.`,
  ]
}

/** Whether package.json says what the code needs: a package that is published alone has only what it declares. */
function declarationReasons(repository: Repository, own: Workspace, path: string, target: string): string[] {
  if (target.startsWith('node:')) return []
  const workspace = repository.workspaces.find(({ folder }) => folder === target)
  if (workspace?.folder === '')
    return ['Reaches outside its workspace: import by package name, or move the file.']
  const name = workspace?.name ?? target.slice('npm:'.length)
  const root = repository.workspaces.find(({ folder }) => folder === '')
  const isForTests = matchesGlob(path, tests) || own.folder === ''
  const declared = isForTests
    ? [...own.dependencies, ...own.devDependencies, ...(root?.devDependencies ?? [])]
    : own.dependencies
  const isWorkspaceInTools = own.folder === '' && workspace !== undefined
  if (declared.includes(name) || isWorkspaceInTools) return []
  return [
    `${own.folder || '.'}/package.json does not declare ${name}: add it to ${isForTests ? 'devDependencies' : 'dependencies'}.`,
  ]
}

/** Relative imports that leave their workspace, which hides them from package.json. Generators are let: they write there. */
export function findEscapes(repository: Repository): string[] {
  return [...repository.sources].flatMap(([path, source]) => {
    if (matchesGlob(path, generators)) return []
    const { folder } = workspaceOf(repository, path)
    return parseImports(source)
      .filter(({ specifier }) => specifier.startsWith('.'))
      .filter(({ specifier }) => workspaceOf(repository, join(dirname(path), specifier)).folder !== folder)
      .map(
        ({ specifier, line }) =>
          `${path}:${line} imports ${specifier}\n  Import another workspace by its package name.`,
      )
  })
}
