#!/usr/bin/env node
import module from 'node:module'

// Before anything else is loaded, so that the next start compiles nothing. Other engines have no such thing.
module.enableCompileCache?.()
const { standardGateways, standardOperators, standardSectors, standardTools } = await import(
  '@cairn/sector-standard'
)
const { commands } = await import('./commands.ts')
const { runCli } = await import('./run-cli.ts')

/** For what is still being written. Nothing else that a command left behind may keep the process. */
const graceMs = 2_000

process.exitCode = await runCli({
  commands,
  sectors: standardSectors,
  gateways: standardGateways,
  operators: standardOperators,
  tools: standardTools,
  argv: process.argv,
  env: process.env,
})
setTimeout(() => process.exit(), graceMs).unref()
