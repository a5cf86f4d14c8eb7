/** What the benchmarks read of a server. */
export interface ServerView {
  id: string
  service_tag: string
}
