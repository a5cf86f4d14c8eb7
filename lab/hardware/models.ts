/** All models of the simulated site, by their name. */
import type { HardwareModel } from './model-facts.js'
import { r640 } from './r640.js'
import { r650, r750 } from './r750.js'
import { r660, r760 } from './r760.js'
import { r670, r770 } from './r770.js'

export const MODELS: readonly HardwareModel[] = [r640, r650, r660, r670, r750, r760, r770]

/** Facts of a model; throws for an unknown name. */
export function modelFacts(model: string): HardwareModel {
  const facts = MODELS.find((one) => one.model === model)
  if (!facts) throw new Error(`no hardware model ${model}`)
  return facts
}
