/**
 * What this build is: its version, and that of everything it talks with.
 */
import packageJson from '../package.json' with { type: 'json' };
import { oldestProtocolVersion, protocolVersion } from '../conmon-ts/protocol.ts';

export type BuildInfo = {
  readonly version: string;
  readonly cri: string;
  /** Versions of the monitors' protocol that this daemon works with. */
  readonly monitorProtocol: { readonly oldest: number; readonly newest: number };
  readonly node: string;
  readonly platform: string;
};

export function buildInfo(): BuildInfo {
  return {
    version: packageJson.version,
    cri: 'runtime.v1',
    monitorProtocol: { oldest: oldestProtocolVersion, newest: protocolVersion },
    node: process.version,
    platform: `${process.platform}/${process.arch}`,
  };
}

/** For people: one line. */
export function printBuild(info: BuildInfo): string {
  return `cri-ts ${info.version} (CRI ${info.cri}, Node ${info.node}, ${info.platform})`;
}
