import { readFileSync } from 'node:fs'

const text: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

/** Version of the product, as package.json says. */
export const PRODUCT_VERSION =
  text !== null && typeof text === 'object' && 'version' in text ? String(text.version) : '0.0.0'
