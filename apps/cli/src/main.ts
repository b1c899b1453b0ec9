#!/usr/bin/env node
import { standardSectors } from '@cairn/sector-standard'
import { commands } from './commands.ts'
import { runCli } from './run-cli.ts'

process.exitCode = await runCli({ commands, sectors: standardSectors, argv: process.argv, env: process.env })
