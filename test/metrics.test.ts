/**
 * The metrics endpoint of a real daemon, scraped after real calls, pulls and kills. Reference: features.md 1.5.
 */
import { expect, test } from '@jest/globals';
import { codeOf } from './harness/client.ts';
import { sleeper, shell } from './harness/requests.ts';
import { image } from './harness/test-images.ts';
import { useRig } from './harness/use-rig.ts';
import { eventually } from './harness/wait.ts';

// In the machine's own network.
const address = '127.0.0.1:9290';
const rig = useRig({ extraConfig: `[metrics]\naddress = "${address}"` });

/** Every sample by its name and labels. */
async function scrape(): Promise<ReadonlyMap<string, number>> {
  const { stdout } = await rig().machine.run('busybox', 'wget', '-q', '-O', '-', `http://${address}/metrics`);
  const lines = stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at), Number(line.slice(at + 1))];
    }),
  );
}

test('calls are counted, those that fail by code and reason', async () => {
  await rig().call('Version', {});
  expect(await codeOf(rig().call('ContainerStatus', { containerId: 'absent' }))).toBe('NOT_FOUND');
  const seen = await scrape();
  expect(seen.get('cri_ts_operations_total{operation="Version"}')).toBeGreaterThan(0);
  expect(seen.get('cri_ts_operations_latency_seconds_count{operation="Version"}')).toBe(
    seen.get('cri_ts_operations_total{operation="Version"}'),
  );
  const failed = [...seen.keys()].filter((name) => name.startsWith('cri_ts_operations_errors_total'));
  expect(failed.join('\n')).toContain('operation="ContainerStatus",code="NOT_FOUND"');
});

test('pulls are counted with their bytes, what was there already, and how they ended', async () => {
  const before = await scrape();
  const grown = (after: ReadonlyMap<string, number>, name: string): number =>
    (after.get(name) ?? 0) - (before.get(name) ?? 0);
  await rig().pull(image.manyLayers);
  await codeOf(rig().pull('docker.io/cri-ts/absent:1'));
  const after = await scrape();
  // The lowest layer is that of busybox, which the rig has pulled.
  expect(grown(after, 'cri_ts_image_layer_reuse_total')).toBe(1);
  expect(grown(after, 'cri_ts_image_pulls_skipped_bytes_total')).toBeGreaterThan(100_000);
  expect(grown(after, 'cri_ts_image_pulls_bytes_total')).toBeGreaterThan(39 * 100);
  expect(grown(after, 'cri_ts_image_pulls_success_total')).toBe(1);
  const failures = [...after].filter(([name]) => name.startsWith('cri_ts_image_pulls_failure_total'));
  expect(failures.map(([, count]) => count)).toEqual([1]);
  expect(after.get('cri_ts_image_pulls_in_progress')).toBe(0);
  expect(grown(after, 'cri_ts_images')).toBe(1);
});

test('pods, containers, monitors and kills for memory are told of', async () => {
  const pod = await rig().runPod();
  await rig().run(pod, sleeper());
  const greedy = shell('exec tail /dev/zero', { linux: { resources: { memoryLimitInBytes: 16_777_216n } } });
  await rig().exited(await rig().run(pod, greedy));
  await eventually('they are counted', async () => {
    const seen = await scrape();
    return (
      seen.get('cri_ts_pods{state="ready"}') === 1 &&
      seen.get('cri_ts_containers{state="running"}') === 1 &&
      seen.get('cri_ts_containers{state="exited"}') === 1 &&
      seen.get('cri_ts_containers_oom_total') === 1 &&
      [...seen].some(([name, count]) => name.startsWith('cri_ts_monitors{') && count > 0)
    );
  });
  const seen = await scrape();
  expect(seen.has('cri_ts_processes_defunct')).toBe(true);
  expect(seen.get('cri_ts_containers_events_dropped_total')).toBe(0);
  expect(seen.get('cri_ts_default_runtime{runtime="crun"}')).toBe(1);
  expect(seen.has('process_resident_memory_bytes')).toBe(true);
});
