/**
 * CDI edits held against this machine. What a vendor's file leaves out of a device node (type, numbers, mode) is what the
 * node on the host has; a file that says type and numbers itself needs no node. Source: CDI specification, deviceNodes.
 */
import { access, stat } from 'node:fs/promises';
import { failedPrecondition, invalid } from '../../base/errors.ts';
import type { ResolvedCdiEdits, ResolvedCdiNode } from '../../spec/cdi/apply-cdi.ts';
import type { CdiDeviceNode, CdiEdits } from '../../spec/cdi/cdi-spec.ts';
import { nodeFacts, type NodeFacts } from './device-nodes.ts';

/** @throws NoDevice, ResctrlUnavailable */
export async function completeCdiEdits(edits: readonly CdiEdits[]): Promise<readonly ResolvedCdiEdits[]> {
  if (edits.some(({ intelRdt }) => intelRdt !== null)) await mustHaveResctrl();
  return await Promise.all(
    edits.map(async (each) => ({
      ...each,
      deviceNodes: await Promise.all(each.deviceNodes.map(async (node) => await complete(node))),
    })),
  );
}

/** Not every runtime says that there is none: crun 1.8 passes over it. Source: Linux, filesystems/resctrl. */
async function mustHaveResctrl(): Promise<void> {
  const path = '/sys/fs/resctrl/schemata';
  await access(path).catch((cause: unknown) => {
    throw failedPrecondition('ResctrlUnavailable', 'CDI intelRdt: expected a machine with resctrl mounted', {
      cause,
    });
  });
}

async function complete(node: CdiDeviceNode): Promise<ResolvedCdiNode> {
  const host = await look(node.hostPath);
  const fileMode = node.fileMode ?? host?.fileMode ?? null;
  const { type } = node;
  if (type !== null && (node.major !== 0 || type === 'p')) return { ...node, type, fileMode };
  if (host === null)
    throw invalid(
      'NoDevice',
      `CDI device node "${node.hostPath}": expected a device on this machine, for the file does not say its type and numbers`,
    );
  // `u` is another word for a character device.
  if (type !== null && (type === 'u' ? 'c' : type) !== host.type)
    throw invalid(
      'NoDevice',
      `CDI device node "${node.hostPath}": expected type "${type}", on this machine it is "${host.type}"`,
    );
  return { ...node, type: type ?? host.type, major: host.major, minor: host.minor, fileMode };
}

/** Null: there is no such node. */
async function look(path: string): Promise<NodeFacts | null> {
  // Whatever the reason, the file must then say it all itself.
  const info = await stat(path).catch(() => null);
  return info === null ? null : nodeFacts(info);
}
