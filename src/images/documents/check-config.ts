/**
 * Whether a config suits the manifest that names it and this machine, however the image comes.
 */
import type { Log } from '../../base/log.ts';
import { badImage } from './document.ts';
import type { ImageConfig } from './image-config.ts';
import { type Platform, platformText } from './platform.ts';

export type ConfigSetting = {
  /** How many there are. */
  readonly layers: number;
  /** What has these layers, for messages. */
  readonly of: 'manifest' | 'archive';
  readonly platform: Platform;
  readonly log: Log;
};

/** Another architecture is only logged: emulation may run it. @throws InvalidImage */
export function checkConfig(
  config: Pick<ImageConfig, 'diffIds' | 'os' | 'architecture'>,
  { layers, of, platform, log }: ConfigSetting,
): void {
  if (config.diffIds.length !== layers)
    throw badImage(`image config: ${config.diffIds.length} layers, and the ${of} has ${layers}`);
  if (config.os !== '' && config.os !== platform.os)
    throw badImage(`image config: for "${config.os}", and this machine is ${platformText(platform)}`);
  if (config.architecture !== platform.architecture)
    log.warn({ architecture: config.architecture }, 'the image is made for another architecture');
}
