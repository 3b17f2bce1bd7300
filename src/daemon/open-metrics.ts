/**
 * Metrics, when the configuration wants them: prom-client is loaded only then, and the endpoint opened when there is
 * something to read.
 */
import type { Meters } from '../server/metrics/meters.ts';
import type { MetricsServer } from '../server/metrics/metrics-server.ts';
import type { Services } from '../services.ts';

export type Metrics = {
  readonly meters: Meters;
  /** @throws the error of listen(2), AddressInUse */
  listen(services: Services): Promise<MetricsServer>;
};

export async function openMetrics(): Promise<Metrics> {
  const [{ prometheusMeters }, { registerNodeGauges }, { MetricsServer }] = await Promise.all([
    import('../server/metrics/prometheus.ts'),
    import('../server/metrics/node-gauges.ts'),
    import('../server/metrics/metrics-server.ts'),
  ]);
  const meters = prometheusMeters();
  const { registry } = meters;
  return {
    meters,
    listen: async (services) => {
      registerNodeGauges(registry, services);
      const address = services.config.current.metrics.address ?? '';
      const { log } = services;
      const collect = async (): Promise<string> => await registry.metrics();
      const server = await MetricsServer.listen({ address, contentType: registry.contentType, collect, log });
      log.info({ address: server.address }, 'metrics');
      return server;
    },
  };
}
