import type { LabCore } from '../core.js'
import type { SimHost } from '../model-vsphere.js'
import type { HostFiles } from './host-files.js'
import type { ProcessTable, ProgramHandle } from './process-table.js'
import type { ShellStreams } from './shell-run.js'

/** What a program sees of the machine that it runs on. */
export interface ProgramContext {
  core: LabCore
  host: SimHost
  files: HostFiles
  processes: ProcessTable
  streams: ShellStreams
  handle: ProgramHandle
}

/** A program: arguments without its own name → exit code. */
export type Program = (args: string[], context: ProgramContext) => number | Promise<number>
