import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, posix, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..')

export interface SourceFile {
  /** From the project's root, with slashes. */
  path: string
  text: string
}

export interface Import {
  from: string
  line: number
  /** A file of ours from the root (`domain/ids.ts`), a package (`pg`), or `node` for any built-in. */
  to: string
  ours: boolean
  typeOnly: boolean
}

/** All TypeScript files under the named folders. */
export function readSources(folders: string[]): SourceFile[] {
  const files: SourceFile[] = []
  const walk = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) walk(path)
      else if (/\.(ts|mts|tsx)$/.test(entry.name)) {
        files.push({ path: relative(ROOT, path).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') })
      }
    }
  }
  for (const folder of folders) walk(join(ROOT, folder))
  return files
}

const parse = (file: SourceFile) => ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2022, true)

/** Every import of a file: declarations, re-exports, `import()` and `import('…')` types. */
export function importsOf(file: SourceFile): Import[] {
  const source = parse(file)
  const found: Import[] = []
  const add = (node: ts.Node, specifier: string, typeOnly: boolean) => {
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1
    found.push({ from: file.path, line, typeOnly, ...resolveSpecifier(file.path, specifier) })
  }
  const visit = (node: ts.Node) => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node, node.moduleSpecifier.text, isTypeOnlyImport(node.importClause))
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node, node.moduleSpecifier.text, node.isTypeOnly)
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const argument = node.arguments[0]
      if (argument && ts.isStringLiteral(argument)) add(node, argument.text, false)
    } else if (
      ts.isImportTypeNode(node) &&
      ts.isLiteralTypeNode(node.argument) &&
      ts.isStringLiteral(node.argument.literal)
    ) {
      add(node, node.argument.literal.text, true)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** `import type`, or an import whose every name is marked `type`. */
function isTypeOnlyImport(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false
  if (clause.isTypeOnly) return true
  const named = clause.namedBindings
  if (clause.name || !named || !ts.isNamedImports(named)) return false
  return named.elements.length > 0 && named.elements.every((element) => element.isTypeOnly)
}

function resolveSpecifier(from: string, specifier: string): { to: string; ours: boolean } {
  if (specifier.startsWith('.')) {
    const path = posix.normalize(posix.join(posix.dirname(from), specifier)).replace(/\.(m?)js$/, '.$1ts')
    return { to: path, ours: true }
  }
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return { to: 'node', ours: false }
  const [first = '', second = ''] = specifier.split('/')
  return { to: first.startsWith('@') ? `${first}/${second}` : first, ours: false }
}

export interface FunctionSize {
  path: string
  line: number
  name: string
  lines: number
}

/**
 * Length of every function, method and arrow function, in lines of its own: a factory is measured without the
 * functions it makes, for each of these is measured by itself.
 */
export function functionSizes(file: SourceFile): FunctionSize[] {
  const source = parse(file)
  const sizes: FunctionSize[] = []
  const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line
  const visit = (node: ts.Node, outer?: FunctionSize) => {
    let inner = outer
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      const first = lineOf(node.getStart())
      const lines = lineOf(node.end) - first + 1
      inner = { path: file.path, line: first + 1, name: nameOf(node), lines }
      sizes.push(inner)
      if (outer && lines > 1) outer.lines -= lines - 1
    }
    ts.forEachChild(node, (child) => visit(child, inner))
  }
  visit(source)
  return sizes
}

function nameOf(node: ts.SignatureDeclaration): string {
  if (node.name) return node.name.getText()
  const parent = node.parent
  return ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) ? parent.name.getText() : 'a function'
}

/** Lines on which a file reads the environment. A composition root may hand it as a whole to its config.ts. */
export function environmentReads(file: SourceFile): number[] {
  const source = parse(file)
  const lines: number[] = []
  const visit = (node: ts.Node) => {
    const handedOn = file.path.endsWith('/main.ts') && ts.isCallExpression(node.parent ?? node)
    if (ts.isPropertyAccessExpression(node) && node.getText() === 'process.env' && !handedOn) {
      lines.push(source.getLineAndCharacterOfPosition(node.getStart()).line + 1)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return lines
}
