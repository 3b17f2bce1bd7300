/**
 * Version. Source: CRI VersionRequest; the kubelet shows runtime_name and runtime_version as the node's runtime.
 */
import type { VersionResponseInit } from '../../cri-api/runtime-v1.ts';

export type BuildInfo = { readonly version: string };

export async function version(build: BuildInfo): Promise<VersionResponseInit> {
  return { version: '0.1.0', runtimeName: 'cri-ts', runtimeVersion: build.version, runtimeApiVersion: 'v1' };
}
