import { collectDefaultMetrics, Registry } from 'prom-client'

export { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** A registry of one program's metrics, with a `program` label and Node's own metrics. Pass it to `new Counter({registers: [registry]})`. */
export function createRegistry(program: string): Registry {
  const registry = new Registry()
  registry.setDefaultLabels({ program })
  collectDefaultMetrics({ register: registry })
  return registry
}
