/**
 * The devices that a container gets: those of its request, those that the configuration gives to all, those that its pod
 * asks for by annotation and may have, and what CDI says of the names in the request. CDI names come from the request's own
 * field only: annotations may have gone through hands that must not command the runtime.
 * Source: CRI ContainerConfig devices, CDI_devices.
 */
import { failedPrecondition, invalid } from '../../base/errors.ts';
import type { Config } from '../../config/options.ts';
import { deviceExpected, readDevice } from '../../config/options-devices.ts';
import type { Services } from '../../services.ts';
import { chooseCdiEdits } from '../../spec/cdi/cdi-choice.ts';
import type { ContainerConfig, DeviceConfig } from '../../spec/requests/container-config.ts';
import type { ContainerMaterial } from '../../spec/container-spec.ts';
import type { TextMap } from '../../spec/text-map.ts';
import { shown } from '../../spec/text.ts';
import { completeCdiEdits } from './cdi-nodes.ts';
import { resolveDevices } from './device-nodes.ts';

const devicesAnnotation = 'devices.crio.io';
const maxAnnotated = 256;

type Options = Config['devices'];

/** @throws NoDevice, TooManyDevices, InvalidAnnotation, DeviceNotAllowed, UnknownCdiDevice, CdiConflict */
export async function gatherDevices(
  services: Pick<Services, 'config' | 'cdi'>,
  config: Pick<ContainerConfig, 'devices' | 'cdiDevices'>,
  podAnnotations: TextMap,
): Promise<Pick<ContainerMaterial, 'devices' | 'cdi'>> {
  const options = services.config.current.devices;
  const wanted = [...options.additional, ...annotatedDevices(options, podAnnotations), ...config.devices];
  return {
    // Of two for one path the last stays: what the request says itself.
    devices: await resolveDevices(wanted),
    cdi: await gatherCdi(services, config.cdiDevices),
  };
}

function annotatedDevices(options: Options, annotations: TextMap): readonly DeviceConfig[] {
  const text = Object.hasOwn(annotations, devicesAnnotation) ? (annotations[devicesAnnotation] ?? '') : '';
  const items = text.split(',').filter((item) => item.trim() !== '');
  if (items.length > maxAnnotated)
    throw invalid(
      'InvalidAnnotation',
      `annotation "${devicesAnnotation}": expected at most ${maxAnnotated} devices`,
    );
  return items.map((item) => {
    const device = readDevice(item.trim());
    if (device === undefined)
      throw invalid(
        'InvalidAnnotation',
        `annotation "${devicesAnnotation}" ${shown(item)}: expected ${deviceExpected}`,
      );
    if (options.allowed.includes(device.hostPath)) return device;
    throw failedPrecondition(
      'DeviceNotAllowed',
      `annotation "${devicesAnnotation}": device "${device.hostPath}": expected one of allowed_devices of the configuration`,
    );
  });
}

async function gatherCdi(
  services: Pick<Services, 'config' | 'cdi'>,
  names: ContainerConfig['cdiDevices'],
): Promise<ContainerMaterial['cdi']> {
  if (names.length === 0) return [];
  const dirs = services.config.current.devices.cdiSpecDirs;
  const files = await services.cdi.read(dirs);
  return await completeCdiEdits(chooseCdiEdits(names, files, dirs));
}
