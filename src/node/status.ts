/**
 * Status: the two conditions that the kubelet reads, the handlers with what they can do, and, verbose, what an operator
 * wants to know. From memory; nothing outside is asked. Source: CRI StatusRequest.
 */
import type {
  RuntimeConditionInit,
  RuntimeHandlerInit,
  StatusRequest,
  StatusResponseInit,
} from '../../cri-api/runtime-v1.ts';
import type { HandlerReport } from '../runtime/handlers/handlers.ts';
import type { Services } from '../services.ts';
import { faultsOf } from '../spec/runtime-faults.ts';
import type { BuildInfo } from './version.ts';

export type StatusServices = Pick<
  Services,
  'handlers' | 'network' | 'host' | 'monitors' | 'store' | 'paths' | 'config'
> & {
  readonly build: BuildInfo;
};

export async function status(services: StatusServices, request: StatusRequest): Promise<StatusResponseInit> {
  const reports = await services.handlers.reports();
  return {
    status: { conditions: [runtimeReady(reports), networkReady(services), runtimesMended(reports)] },
    runtimeHandlers: describeHandlers(reports, services.handlers.defaultName),
    features: {
      supplementalGroupsPolicy: true,
      // In the host's network only /sys differs, and that is bound.
      userNamespacesHostNetwork: usable(reports).some(hasUserNamespaces),
      mountOptions: true,
    },
    info: request.verbose ? verboseInfo(services, reports) : {},
  };
}

function usable(reports: readonly HandlerReport[]): readonly HandlerReport[] {
  return reports.filter(({ fault }) => fault === null);
}

function hasUserNamespaces({ features }: HandlerReport): boolean {
  return features.userNamespaceFault === null;
}

/** Ready when at least one handler can run containers. */
function runtimeReady(reports: readonly HandlerReport[]): RuntimeConditionInit {
  const faults = reports.flatMap(({ name, fault }) =>
    fault === null ? [] : [`handler "${name}": ${fault}`],
  );
  const isReady = reports.some(({ fault }) => fault === null);
  const reason = isReady ? (faults.length === 0 ? '' : 'HandlersUnusable') : 'NoUsableHandler';
  return { type: 'RuntimeReady', status: isReady, reason, message: faults.join('; ') };
}

function networkReady(services: Pick<Services, 'network'>): RuntimeConditionInit {
  const { isReady, reason, message } = services.network.status();
  return {
    type: 'NetworkReady',
    status: isReady,
    reason: isReady ? '' : reason,
    message: isReady ? '' : message,
  };
}

/** Not one that the kubelet waits for; whoever looks at the node sees it. Versions only hint: distributions mend older ones. */
function runtimesMended(reports: readonly HandlerReport[]): RuntimeConditionInit {
  const faulty = reports.flatMap(({ name, version }) => {
    const faults = faultsOf(version);
    return faults.length === 0 ? [] : [`handler "${name}", ${version}: ${faults.join(', ')}`];
  });
  return {
    type: 'RuntimesMended',
    status: faulty.length === 0,
    reason: faulty.length === 0 ? '' : 'KnownFaults',
    message: faulty.length === 0 ? '' : `${faulty.join('; ')} (unless mended by the distribution)`,
  };
}

/** Each usable handler by name, and the default one once more under the empty name. */
function describeHandlers(
  reports: readonly HandlerReport[],
  defaultName: string,
): readonly RuntimeHandlerInit[] {
  const working = usable(reports);
  const named = working.map((report) => describe(report.name, report));
  return [
    ...working.filter(({ name }) => name === defaultName).map((report) => describe('', report)),
    ...named,
  ];
}

function describe(name: string, report: HandlerReport): RuntimeHandlerInit {
  const { hasRecursiveReadonlyMounts } = report.features;
  return {
    name,
    features: {
      recursiveReadOnlyMounts: hasRecursiveReadonlyMounts,
      userNamespaces: hasUserNamespaces(report),
    },
  };
}

function verboseInfo(services: StatusServices, reports: readonly HandlerReport[]): Record<string, string> {
  const { store, host, monitors, handlers, paths, build, config } = services;
  return {
    config: JSON.stringify({
      stateDir: paths.rootDir,
      runDir: paths.runDir,
      cgroupDriver: host.cgroupDriver,
      defaultHandler: handlers.defaultName,
      monitorPods: config.current.runtime.monitorPods,
    }),
    handlers: JSON.stringify(
      reports.map((report) => ({ ...report, isDefault: report.name === handlers.defaultName })),
    ),
    monitors: JSON.stringify(monitors.list()),
    daemon: JSON.stringify({
      version: build.version,
      pid: process.pid,
      pods: store.pods.size,
      containers: store.containers.size,
      kernel: host.kernel.release,
      restrictions: host.restrictions,
    }),
  };
}
