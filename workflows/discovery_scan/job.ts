import { z } from 'zod'
import { defineJob } from '../define.js'
import { lease, note } from '../fields.js'
import { resultOf } from '../results.js'

const count = z.int().min(0)

export const discoveryScan = defineJob({
  job_type: 'discovery_scan',
  title: 'Find iDRACs',
  summary: 'Finds iDRACs in address ranges, logs in with the credentials that fit, and makes or refreshes servers.',
  family: 'discovery',
  role: 'admin',
  risk: 'read',
  target_scope: [],
  task_target: 'none',
  controls: ['pause', 'cancel', 'retry'],
  schedulable: true,
  instant: false,
  admin_options: ['try_factory_account'],
  details: z.strictObject({
    ip_ranges: z
      .array(z.string().min(1).max(64))
      .min(1)
      .max(256)
      .describe('CIDR, hyphen ranges or single IPv4 addresses'),
    exclude_ranges: z.array(z.string().min(1).max(64)).max(256).default([]).describe('Addresses to leave out'),
    confirm_address_count: z.int().min(1).optional().describe('Must equal the count above 65,536 addresses'),
    ports: z.array(z.int().min(1).max(65_535)).min(1).max(4).default([443]).describe('Ports to try'),
    connect_timeout_ms: z.int().min(100).max(10_000).default(1000).describe('Time limit of one connection attempt'),
    in_flight: z.int().min(1).max(8192).default(1024).describe('Connection attempts at once'),
    rate_per_second: z.int().min(1).max(10_000).default(1000).describe('Connection attempts per second'),
    try_credentials: z.boolean().default(true).describe('false: look only at the service root, no login'),
    max_sets_per_device: z.int().min(1).max(8).default(4).describe('Credentials tried per device'),
    keep_credentials: z.boolean().default(true).describe('Store what worked with the server when it came from no set'),
    try_factory_account: z
      .boolean()
      .default(false)
      .describe("Try the vendor's factory account, given here, last (admin)"),
    factory_username: z.string().max(255).optional().describe('Factory account name'),
    factory_password: z
      .string()
      .max(255)
      .optional()
      .meta({ writeOnly: true })
      .describe('Factory account password, sealed for this job'),
    first_contact: z.enum(['pin', 'ask']).optional().describe('Default: the activity setting'),
    inventory: z.enum(['basic', 'full']).default('full').describe('full adds firmware, NICs, drives and licences'),
    link_hosts: z.boolean().default(true).describe('Link servers to vSphere hosts with the same serial number'),
    ...lease,
    ...note,
  }),
  result: resultOf({
    addresses_total: count.optional(),
    probed: count.optional(),
    open: count.optional(),
    idracs: count.optional(),
    created: count.optional(),
    updated: count.optional(),
    unchanged: count.optional(),
    linked: count.optional(),
    auth_failed: count.optional(),
    identity_pending: count.optional(),
    identity_changed: count.optional(),
    duplicates: count.optional(),
    redfish_disabled: count.optional(),
    other_redfish: count.optional(),
    not_answering: count.optional(),
    findings_total: count.optional(),
    duration_ms: count.optional(),
  }),
  example: {
    target_scope: {},
    details: { ip_ranges: ['10.20.0.0/24', '10.20.1.10-10.20.1.40'], exclude_ranges: ['10.20.0.1'] },
  },
})
