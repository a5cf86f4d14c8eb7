#!/usr/bin/env node
import { register } from 'tsx/esm/api'

// The client runs from its sources: nothing has to be built in a checkout.
register()
const { main } = await import('./main.ts')
process.exitCode = await main(process.argv.slice(2))
