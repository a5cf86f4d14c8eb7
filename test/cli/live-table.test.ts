import { expect, test } from 'vitest'
import { createLiveTable, type Task } from '../../cli/jobs/live-table.js'
import type { Job } from '../../cli/jobs/order.js'

const at = '2026-01-01T00:00:00Z'
const message = 'esx-1 waits for its VMs.'
const task = {
  id: '1',
  target_kind: 'host',
  target_label: 'esx-prod-a-01.lab.example',
  status: 'running',
  outcome: null,
  progress: 15,
  phase: 'evacuate',
  phase_since: at,
  started_at: at,
  completed_at: null,
  waiting_for: [{ code: 'Evacuating', message, since: at }],
  error: null,
} as unknown as Task
const job = {
  job_type: 'rolling_update',
  status: 'running',
  progress: 1,
  waiting_for: [],
  started_at: at,
  completed_at: null,
} as unknown as Job

function drawn(columns: number): string {
  let text = ''
  const screen = { isTTY: true, columns, rows: 20, write: (more: string) => (text += more) }
  createLiveTable(screen, () => Date.parse(at) + 60_000).draw(job, [task])
  return text
}

test('on a narrow screen times and phases give way to why something waits', () => {
  expect(drawn(160)).toMatch(/STATE +% +PHASE +IN PHASE +ELAPSED +WAITS FOR/)
  const narrow = drawn(76)
  expect(narrow).toContain(`Evacuating: ${message}`)
  expect(narrow).not.toMatch(/ELAPSED|IN PHASE/)
})
