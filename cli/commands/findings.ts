import type { Command } from 'commander'
import { type ItemOf, listAll } from '../api/lists.js'
import type { Context } from '../context.js'
import { type Column, printList } from '../output/table.js'
import { addList } from './list-verb.js'

type Finding = ItemOf<'/api/v1/discovery-findings'>

const COLUMNS: Column<Finding>[] = [
  ['ADDRESS', ({ address, port }) => (port === null ? address : `${address}:${port}`)],
  ['SERVICE TAG', (finding) => finding.service_tag],
  ['FINDING', (finding) => finding.kind.replaceAll('_', ' ')],
  ['WHY', ({ data }) => (data as { why?: string } | null)?.why],
  ['RESOLVED', (finding) => finding.resolved_at],
]

/** `findings`: addresses that a scan could not take over. */
export function addFindings(program: Command): void {
  const findings = program.command('findings').description('What scans found and could not take over, and why')
  addList(findings, {
    path: '/api/v1/discovery-findings',
    summary: 'Findings, newest first',
    filters: 'job_id, server_id, address, kind, resolved',
    columns: COLUMNS,
  })
}

/** The findings of one scan, below its figures. */
export async function showFindings({ api, print }: Context, job_id: string): Promise<void> {
  const found = await listAll(api, '/api/v1/discovery-findings', { job_id })
  if (found.length === 0) return
  print.line('')
  printList(print, COLUMNS, found)
}
