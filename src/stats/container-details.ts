/**
 * What metrics tell of a container beyond its sample: many files, so they are read for metrics only.
 */
import type { AbsolutePath } from '../base/ids.ts';
import type { CgroupDetails } from '../kernel/figures/cgroup-details.ts';
import type { CgroupMeter } from '../kernel/figures/cgroup-meter.ts';
import { countProcesses, type ProcessFigures } from '../kernel/figures/process-figures.ts';

export type ContainerDetails = { readonly cgroup: CgroupDetails; readonly processes: ProcessFigures };

export function readContainerDetails(meter: CgroupMeter, path: AbsolutePath): ContainerDetails {
  return { cgroup: meter.details(path), processes: countProcesses(meter.processes(path)) };
}
