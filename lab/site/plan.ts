/** What a site consists of, by its name: how many clusters of how many hosts of which model, and which servers beside. */
export interface ClusterPlan {
  name: string
  hosts: number
  model: string
  image: '703' | '802'
  vms_per_host: number
  dpm: boolean
  /** personality by host index */
  personalities: Record<number, string>
}

export interface StandalonePlan {
  model: string
  personality: string | null
}

export interface SitePlan {
  vcenters: { name: string; clusters: ClusterPlan[] }[]
  standalone: StandalonePlan[]
}

/** A site name that is not one; the message says what is possible. */
export class UnknownSite extends Error {
  constructor(site: string, why: string) {
    super(`LAB_SITE ${JSON.stringify(site)}: ${why}; possible are small, small:N (2-64), medium, fleet:N (1-25000)`)
  }
}

const HOSTS_PER_FLEET_CLUSTER = 64
const CLUSTERS_PER_FLEET_VCENTER = 8

/** The plan of a site; throws UnknownSite. */
export function planOf(site: string): SitePlan {
  const [kind, count, ...rest] = site.split(':')
  if (rest.length > 0) throw new UnknownSite(site, 'too many colons')
  if (kind === 'small') return small(count === undefined ? 4 : wholeNumber(site, count, 2, 64))
  if (kind === 'medium' && count === undefined) return medium()
  if (kind === 'fleet') {
    if (count === undefined) throw new UnknownSite(site, 'a fleet needs its number of servers')
    return fleet(wholeNumber(site, count, 1, 25_000))
  }
  throw new UnknownSite(site, 'no such site')
}

function wholeNumber(site: string, text: string, low: number, high: number): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < low || value > high)
    throw new UnknownSite(site, `the number must be ${low} to ${high}`)
  return value
}

function small(hosts: number): SitePlan {
  return {
    vcenters: [
      {
        name: 'vcenter-01',
        clusters: [
          {
            name: 'Prod-A',
            hosts,
            model: 'PowerEdge R750',
            image: '802',
            vms_per_host: 9,
            dpm: true,
            personalities: {},
          },
          {
            name: 'Edge-B',
            hosts: 3,
            model: 'PowerEdge R640',
            image: '703',
            vms_per_host: 5,
            dpm: false,
            personalities: { 2: 'lockdown' },
          },
        ],
      },
    ],
    standalone: [
      { model: 'PowerEdge R660', personality: 'flaky' },
      { model: 'PowerEdge R770', personality: 'other_password' },
      { model: 'PowerEdge R760', personality: null },
    ],
  }
}

const CLUSTER_MODELS = ['PowerEdge R750', 'PowerEdge R640', 'PowerEdge R760', 'PowerEdge R770'] as const

/** Personalities that a larger site sprinkles over about one server in twenty. */
const SPRINKLED = [
  'flaky',
  'slow',
  'task_vanishes',
  'percent_stuck',
  'busy_sys518',
  'completed_with_errors',
  'redfish_503_after_reset',
  'untidy_data',
] as const

function sprinkle(from: number, count: number): Record<number, string> {
  const found: Record<number, string> = {}
  for (let i = 0; i < count; i++) {
    const place = from + i
    if (place % 20 === 13) found[i] = SPRINKLED[Math.floor(place / 20) % SPRINKLED.length] ?? 'flaky'
  }
  return found
}

function clusterPlan(name: string, number: number, hosts: number, from: number, vmsPerHost: number): ClusterPlan {
  const model = CLUSTER_MODELS[number % CLUSTER_MODELS.length] ?? 'PowerEdge R750'
  return {
    name,
    hosts,
    model,
    image: model === 'PowerEdge R640' ? '703' : '802',
    vms_per_host: vmsPerHost,
    dpm: number % 3 === 0,
    personalities: sprinkle(from, hosts),
  }
}

function medium(): SitePlan {
  const sizes = [8, 10, 12, 14, 16, 12, 10, 16]
  let from = 0
  const clusters = sizes.map((hosts, i) => {
    const plan = clusterPlan(`Cluster-${String(i + 1).padStart(2, '0')}`, i, hosts, from, 8)
    from += hosts
    return plan
  })
  return {
    vcenters: [
      { name: 'vcenter-01', clusters: clusters.slice(0, 4) },
      { name: 'vcenter-02', clusters: clusters.slice(4) },
    ],
    standalone: standalones(from, 120 - from),
  }
}

function standalones(from: number, count: number): StandalonePlan[] {
  const personalities = sprinkle(from, count)
  return Array.from({ length: count }, (_, i) => ({
    model: CLUSTER_MODELS[i % CLUSTER_MODELS.length] ?? 'PowerEdge R750',
    personality: personalities[i] ?? null,
  }))
}

function fleet(servers: number): SitePlan {
  const count = Math.floor(servers / HOSTS_PER_FLEET_CLUSTER)
  const clusters = Array.from({ length: count }, (_, i) =>
    clusterPlan(
      `Cluster-${String(i + 1).padStart(3, '0')}`,
      i,
      HOSTS_PER_FLEET_CLUSTER,
      i * HOSTS_PER_FLEET_CLUSTER,
      4,
    ),
  )
  const vcenters: SitePlan['vcenters'] = []
  for (let i = 0; i < clusters.length; i += CLUSTERS_PER_FLEET_VCENTER) {
    const name = `vcenter-${String(vcenters.length + 1).padStart(2, '0')}`
    vcenters.push({ name, clusters: clusters.slice(i, i + CLUSTERS_PER_FLEET_VCENTER) })
  }
  const used = count * HOSTS_PER_FLEET_CLUSTER
  return { vcenters, standalone: standalones(used, servers - used) }
}
