/**
 * RuntimeConfig: the cgroup driver, which the kubelet follows. Source: CRI RuntimeConfigRequest, KEP-4033.
 */
import { CgroupDriver, type RuntimeConfigResponseInit } from '../../cri-api/runtime-v1.ts';
import type { Services } from '../services.ts';

export async function runtimeConfig(services: Pick<Services, 'host'>): Promise<RuntimeConfigResponseInit> {
  const cgroupDriver =
    services.host.cgroupDriver === 'systemd' ? CgroupDriver.SYSTEMD : CgroupDriver.CGROUPFS;
  return { linux: { cgroupDriver } };
}
