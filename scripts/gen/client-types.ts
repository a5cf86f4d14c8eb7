import openapiTS, { astToString } from 'openapi-typescript'

const HEAD = '/* Made from docs/openapi.json by `npm run gen`; not edited by hand. */\n\n'

/** The types of the REST API for its clients, out of the text of its OpenAPI document. */
export async function clientTypes(openApiDocument: string): Promise<string> {
  return HEAD + astToString(await openapiTS(openApiDocument, { alphabetize: true, silent: true }))
}
