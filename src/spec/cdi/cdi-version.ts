/**
 * The versions of the CDI specification, and what each brought: a document that uses more than its version has is refused,
 * as its vendor's own tools would. Source: CDI specification, released versions.
 */
import { invalid } from '../../base/errors.ts';
import type { CdiEdits, CdiSpec } from './cdi-spec.ts';
import { shown } from '../text.ts';

/** In order; what a version needs is found from the newest down. */
const versions = [
  '0.1.0',
  '0.2.0',
  '0.3.0',
  '0.4.0',
  '0.5.0',
  '0.6.0',
  '0.7.0',
  '0.8.0',
  '1.0.0',
  '1.1.0',
] as const;
type Version = (typeof versions)[number];

/** @throws InvalidCdiSpec */
export function checkCdiVersion(spec: CdiSpec, hasAnnotations: boolean): void {
  const given = versions.findIndex((version) => version === spec.version.replace(/^v/, ''));
  if (given < 0)
    throw invalid(
      'InvalidCdiSpec',
      `cdiVersion ${shown(spec.version)}: expected one of ${versions.slice(2).join(', ')}`,
    );
  const needed = neededVersion(spec, hasAnnotations);
  if (versions.indexOf(needed) > given)
    throw invalid(
      'InvalidCdiSpec',
      `cdiVersion ${shown(spec.version)}: expected at least "${needed}": the document uses what that version brought`,
    );
}

function neededVersion(spec: CdiSpec, hasAnnotations: boolean): Version {
  const all = [spec.edits, ...spec.devices.values()];
  const uses = (isUsed: (edits: CdiEdits) => boolean): boolean => all.some(isUsed);
  if (uses(({ netDevices, intelRdt }) => netDevices.length > 0 || isNewRdt(intelRdt))) return '1.1.0';
  if (uses(({ intelRdt, additionalGids }) => intelRdt !== null || additionalGids.length > 0)) return '0.7.0';
  if (hasAnnotations || spec.kind.split('/')[1]?.includes('.') === true) return '0.6.0';
  const hasHostPath = uses(({ deviceNodes }) => deviceNodes.some((node) => node.hostPath !== node.path));
  if (hasHostPath || [...spec.devices.keys()].some((name) => /^[0-9]/.test(name))) return '0.5.0';
  return uses(({ mounts }) => mounts.some(({ type }) => type !== '')) ? '0.4.0' : '0.3.0';
}

function isNewRdt(intelRdt: CdiEdits['intelRdt']): boolean {
  return intelRdt !== null && (intelRdt.schemata.length > 0 || intelRdt.isMonitored);
}
