import { writeFileSync } from 'node:fs'
import { openApiText } from '../api/openapi.js'
import { clientTypes } from './gen/client-types.js'

/** Writes the documents that are made from the code; `npm run gen` after a change of routes or job types. */
const text = openApiText()
write('../docs/openapi.json', text)
write('../cli/api/schema.ts', await clientTypes(text))

function write(path: string, content: string): void {
  writeFileSync(new URL(path, import.meta.url), content)
  console.log(`${path.replace('../', '')} written`)
}
