/**
 * All that stories may be given. A story names the part that it uses (`Pick<Services, …>`), so its signature says what it
 * can touch. Built once, in `daemon.ts`.
 */
import type { KeyedLock } from './base/locks.ts';
import type { ContainerId, PodId } from './base/ids.ts';
import type { SingleFlight } from './base/single-flight.ts';
import type { Log } from './base/log.ts';
import type { Config } from './config/options.ts';
import type { CdiFiles } from './containers/devices/cdi-files.ts';
import type { RuntimeRemovals } from './containers/runtime-removal.ts';
import type { Stops } from './containers/stops.ts';
import type { Images } from './images/images.ts';
import type { Cgroups } from './kernel/cgroups/cgroups.ts';
import type { Kernel } from './kernel/kernel.ts';
import type { ContainerEvents } from './node/container-events.ts';
import type { HostFacts } from './node/host-facts.ts';
import type { PodNetwork } from './pods/network.ts';
import type { SelinuxLevels } from './pods/selinux-levels.ts';
import type { Exits } from './runtime/exits.ts';
import type { Handlers } from './runtime/handlers/handlers.ts';
import type { Monitors } from './runtime/monitors/monitors.ts';
import type { Programs } from './runtime/programs/programs.ts';
import type { Reaper } from './runtime/programs/reaper.ts';
import type { Streams } from './runtime/sessions/sessions.ts';
import type { Holds } from './runtime/holds.ts';
import type { SeccompNotifiers } from './runtime/security/seccomp-notifiers.ts';
import type { Terminals } from './runtime/sessions/terminals.ts';
import type { Stats } from './stats/stats.ts';
import type { Paths } from './store/paths.ts';
import type { Store } from './store/store.ts';

export type Services = {
  /** Names this process: what another one began, its client may not have been told. */
  readonly instance: string;
  /** The configuration in force; replaced as a whole by a reload. */
  readonly config: { current: Config };
  readonly log: Log;
  readonly paths: Paths;
  readonly store: Store;
  readonly kernel: Kernel;
  readonly cgroups: Cgroups;
  readonly host: HostFacts;
  readonly images: Images;
  readonly network: PodNetwork;
  readonly selinuxLevels: SelinuxLevels;
  readonly handlers: Handlers;
  readonly monitors: Monitors;
  readonly terminals: Terminals;
  readonly seccompNotifiers: SeccompNotifiers;
  readonly holds: Holds;
  readonly exits: Exits;
  readonly reaper: Reaper;
  readonly programs: Programs;
  /** Figures of pods and containers. */
  readonly stats: Stats;
  /** Tells subscribers what becomes of pods and containers. */
  readonly events: ContainerEvents;
  readonly stops: Stops;
  readonly removals: RuntimeRemovals;
  /** What vendors describe of their devices. */
  readonly cdi: CdiFiles;
  /** Gives out the URLs of exec, attach and port-forward sessions. */
  readonly streams: Streams;
  /** Short holds only: the moments in which a pod's state and its set of containers must agree. */
  readonly locks: KeyedLock;
  /** Retries of the same name join the running work. */
  readonly flights: { readonly pods: SingleFlight<PodId>; readonly containers: SingleFlight<ContainerId> };
};
