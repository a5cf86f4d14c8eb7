import { writeFileSync } from 'node:fs'
import { openApiText } from '../api/openapi.js'

/** Writes the documents that are made from the code; `npm run gen` after a change of routes or job types. */
const file = new URL('../docs/openapi.json', import.meta.url)
writeFileSync(file, openApiText())
console.log('docs/openapi.json written')
