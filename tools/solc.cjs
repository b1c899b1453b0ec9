#!/usr/bin/env node
// The compiler forge calls: npm's `solc` (WebAssembly) behind the command line of the native one, so that building works offline.
// forge calls it with `--version`, and with `--standard-json` on standard input, every source inlined.
const solc = require('solc')

if (process.argv.includes('--version')) {
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}\n`)
} else {
  let input = ''
  process.stdin.setEncoding('utf8')
  process.stdin.on('data', (chunk) => {
    input += chunk
  })
  process.stdin.on('end', () => {
    process.stdout.write(solc.compile(input))
  })
}
