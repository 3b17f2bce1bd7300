/**
 * Names of CDI devices: `vendor.com/class=device`. Source: CDI specification, kind and device names.
 */
import { wrong } from '../text.ts';

const vendorForm = '[A-Za-z](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?';
const classForm = '[A-Za-z](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?';
const deviceForm = '[A-Za-z0-9](?:[A-Za-z0-9_.:-]{0,251}[A-Za-z0-9])?';

const kind = new RegExp(`^${vendorForm}/${classForm}$`);
const device = new RegExp(`^${deviceForm}$`);
const qualified = new RegExp(`^${vendorForm}/${classForm}=${deviceForm}$`);

export function isCdiKind(text: string): boolean {
  return kind.test(text);
}

export function isCdiDeviceName(text: string): boolean {
  return device.test(text);
}

/** @throws InvalidField */
export function parseCdiName(text: string): string {
  if (qualified.test(text)) return text;
  throw wrong('CDI_devices', text, 'a name such as "vendor.com/class=device"');
}
