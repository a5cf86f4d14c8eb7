import { accountRoutes } from './accounts.js'
import { attributeRoutes } from './attributes.js'
import { biosRoutes } from './bios.js'
import { bootRoutes } from './boot.js'
import { profileRoutes } from './configuration-profile.js'
import { consoleRoutes } from './console.js'
import { httpPushRoutes } from './http-push.js'
import { jobRoutes } from './job-queue.js'
import { lifecycleControllerRoutes } from './lifecycle-controller.js'
import { logRoutes } from './logs.js'
import { metadataRoutes } from './metadata.js'
import { powerRoutes } from './power.js'
import type { Route } from './route.js'
import { sessionRoutes } from './sessions.js'
import { taskRoutes } from './tasks.js'
import { updateRoutes } from './update.js'
import { virtualMediaRoutes } from './virtual-media.js'

const ROUTES: Route[] = [
  ...metadataRoutes,
  ...sessionRoutes,
  ...powerRoutes,
  ...lifecycleControllerRoutes,
  ...jobRoutes,
  ...taskRoutes,
  ...updateRoutes,
  ...httpPushRoutes,
  ...biosRoutes,
  ...bootRoutes,
  ...logRoutes,
  ...attributeRoutes,
  ...accountRoutes,
  ...virtualMediaRoutes,
  ...profileRoutes,
  ...consoleRoutes,
]

/** The operation of this method at this path with its path parameters, if there is one. */
export function routeFor(method: string, path: string): { route: Route; params: string[] } | undefined {
  for (const route of ROUTES) {
    if (route.method !== method) continue
    const match = route.pattern.exec(path)
    if (match) return { route, params: match.slice(1) }
  }
  return undefined
}

/** The methods other than GET that exist at a path: for 405 and its Allow header. */
export function methodsAt(path: string): string[] {
  return [...new Set(ROUTES.filter((route) => route.pattern.test(path)).map((route) => route.method as string))]
}
