import type { NextFunction, Request, RequestHandler, Response } from 'express'
import type { Db } from '../../db/connect.js'
import { type Caller, findSessionCaller, findTokenCaller } from '../../db/stores/callers.js'
import { Problem } from '../errors.js'
import { hashToken, isApiToken, readCookie, SESSION_COOKIE } from './secrets.js'

/**
 * Puts the caller into `res.locals.caller`: by bearer token, else by session cookie; null when there is neither or it is no
 * longer good. `isOwnPage` names requests of another page of this installation (Temporal Web) that may use the cookie.
 */
export function identifyCaller(db: Db, isOwnPage: (req: Request) => boolean = () => false): RequestHandler {
  return async (req: Request, res: Response, next: NextFunction) => {
    const bearer = /^bearer\s+(\S+)$/i.exec(req.get('authorization') ?? '')?.[1]
    const cookie = bearer ? null : readCookie(req.get('cookie'), SESSION_COOKIE)
    res.locals.caller = await findCaller(db, bearer ?? cookie, req.ip ?? null)
    if (cookie && res.locals.caller && !isOwnPage(req)) refuseForeignOrigin(req)
    next()
  }
}

async function findCaller(db: Db, token: string | null, address: string | null): Promise<Caller | null> {
  if (!token || token.length > 200) return null
  const hash = hashToken(token)
  return isApiToken(token)
    ? findTokenCaller(db, hash, address?.replace(/^::ffff:/, '') ?? null)
    : findSessionCaller(db, hash)
}

/** A browser sends the cookie by itself; a write must therefore come from our own pages. */
function refuseForeignOrigin(req: Request): void {
  if (['GET', 'HEAD', 'OPTIONS'].includes(req.method)) return
  const site = req.get('sec-fetch-site')
  const origin = req.get('origin')
  const foreign =
    (site !== undefined && site !== 'same-origin' && site !== 'none') ||
    (origin !== undefined && hostOf(origin) !== req.get('host'))
  if (foreign) throw new Problem('Forbidden', 'The request comes from another site.')
}

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host
  } catch {
    return null
  }
}
