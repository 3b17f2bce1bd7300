/**
 * Metrics, when the configuration wants them: prom-client is loaded only then, and the endpoint opened when there is
 * something to read.
 */
import { type Meters, noMeters } from '../server/metrics/meters.ts';
import type { Services } from '../services.ts';

export type Metrics = {
  readonly meters: Meters;
  /** @throws the error of listen(2), AddressInUse */
  listen(services: Services, stack: AsyncDisposableStack): Promise<void>;
};

/** @param address null: nothing is counted and nobody listens */
export async function openMetrics(address: string | null): Promise<Metrics> {
  if (address === null) return { meters: noMeters, listen: async () => await Promise.resolve() };
  const [{ prometheusMeters }, { registerNodeGauges }, { MetricsServer }] = await Promise.all([
    import('../server/metrics/prometheus.ts'),
    import('../server/metrics/node-gauges.ts'),
    import('../server/metrics/metrics-server.ts'),
  ]);
  const meters = prometheusMeters();
  const { registry } = meters;
  return {
    meters,
    listen: async (services, stack) => {
      registerNodeGauges(registry, services);
      const { log } = services;
      const collect = async (): Promise<string> => await registry.metrics();
      const { contentType } = registry;
      const server = stack.use(await MetricsServer.listen({ address, contentType, collect, log }));
      log.info({ address: server.address }, 'metrics');
    },
  };
}
