/** A file that is no usable catalogue; the message tells a person why. */
export class CatalogInvalid extends Error {
  override name = 'CatalogInvalid'
}
