import type { PropertyFilterSpec, SelectedObject } from './filter-spec.js'

/** A list of objects, or a container whose objects of some types are listed anew at each read. */
export interface View {
  id: string
  session: string
  kind: 'ContainerView' | 'ListView'
  container?: { type: string; id: string }
  types: string[]
  recursive: boolean
  objects: { type: string; id: string }[]
}

/** A filter of WaitForUpdatesEx with what its client has seen so far. */
export interface UpdateFilter {
  id: string
  spec: PropertyFilterSpec
  partialUpdates: boolean
  /** `Type:id` -> property -> XML as last sent */
  seen: Map<string, Map<string, string>>
}

/** One property collector of one session. */
export interface Collector {
  id: string
  session: string
  version: number
  filters: UpdateFilter[]
  /** Ends the running wait of this collector, if there is one. */
  cancelWait?: () => void
}

/** The rest of a paged answer, for ContinueRetrievePropertiesEx; a token is good for one use. */
export interface Page {
  session: string
  rest: SelectedObject[]
  pathsOf: PropertyFilterSpec
  pageSize: number
}

/** Views, collectors and page tokens. They belong to sessions and do not survive a restart of the server. */
export class CollectorMemory {
  readonly views = new Map<string, View>()
  readonly collectors = new Map<string, Collector>()
  readonly pages = new Map<string, Page>()
  private counter = 0

  /** An id that was never given before, `session[5200a1]…` as vCenter forms it. */
  newId(session: string): string {
    this.counter += 1
    return `session[${session}]${this.counter.toString(16).padStart(8, '0')}`
  }

  /** The collector of that id, or the session's default one under the id of the service content. */
  collector(session: string, id: string): Collector | undefined {
    const key = id === 'propertyCollector' ? `${session}/default` : id
    const found = this.collectors.get(key)
    if (found) return found.session === session ? found : undefined
    if (id !== 'propertyCollector') return undefined
    const collector: Collector = { id: key, session, version: 0, filters: [] }
    this.collectors.set(key, collector)
    return collector
  }

  /** Forgets everything of a session. */
  drop(session: string): void {
    for (const [id, view] of this.views) if (view.session === session) this.views.delete(id)
    for (const [id, page] of this.pages) if (page.session === session) this.pages.delete(id)
    for (const [id, collector] of this.collectors) {
      if (collector.session !== session) continue
      collector.cancelWait?.()
      this.collectors.delete(id)
    }
  }
}
