/** The lab's configuration: the only file of `lab/` that reads the environment. */
import { MAX_SPEED } from './clock.js'
import { planOf } from './site/plan.js'

export interface LabConfig {
  site: string
  speed: number
  seed: number
  /** port of the control API; 0 = any free one */
  port: number
  /** absolute or relative folder; keys and state lie in `lab` below it */
  data_dir: string
  /** part of `npm start`: the state of small sites is kept and goes on */
  embedded: boolean
}

/** A bad value: names the variable, what was wrong, and an example. */
export class BadConfig extends Error {}

/** Reads and checks; throws BadConfig. */
export function readConfig(env: NodeJS.ProcessEnv): LabConfig {
  const site = env.LAB_SITE || 'small'
  try {
    planOf(site)
  } catch (error) {
    throw new BadConfig(`${error instanceof Error ? error.message : String(error)}. Example: LAB_SITE=small:8`)
  }
  return {
    site,
    speed: number(env, 'LAB_SPEED', 100, 0.001, MAX_SPEED, false),
    seed: number(env, 'LAB_SEED', 1, 0, Number.MAX_SAFE_INTEGER, true),
    port: number(env, 'LAB_PORT', 8090, 0, 65_535, true),
    data_dir: env.DATA_DIR || './.data',
    embedded: env.LAB_EMBEDDED === '1',
  }
}

function number(
  env: NodeJS.ProcessEnv,
  name: string,
  fallback: number,
  low: number,
  high: number,
  whole: boolean,
): number {
  const text = env[name]
  if (text === undefined || text === '') return fallback
  const value = Number(text)
  if (!Number.isFinite(value) || value < low || value > high || (whole && !Number.isInteger(value))) {
    throw new BadConfig(
      `${name} is ${JSON.stringify(text)}; it must be a ${whole ? 'whole ' : ''}number from ${low} to ${high}. Example: ${name}=${fallback}`,
    )
  }
  return value
}
