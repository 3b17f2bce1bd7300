/**
 * Pod sandboxes from RunPodSandbox to RemovePodSandbox, and what a pod gives its containers: names, DNS, shared memory,
 * network, process namespaces. Reference: cri.md 4.4, 4.12, 4.13.
 */
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { describe, expect, test } from '@jest/globals';
import { NamespaceMode, PodSandboxState, Protocol } from '../../cri-api/runtime-v1.ts';
import { codeOf } from '../harness/client.ts';
import { hostNetworkPod, podConfig, secured, shell, sleeper, uniqueName } from '../harness/requests.ts';
import { handlers, type Rig } from '../harness/rig.ts';
import { useRig } from '../harness/use-rig.ts';

const rig = useRig();

async function isListed(rig: Rig, id: string): Promise<boolean> {
  const { items } = await rig.call('ListPodSandbox', { filter: { id } });
  return items.length === 1;
}

describe.each(handlers)('a pod with %s', (handler) => {
  test('is ready when RunPodSandbox returns, not ready when stopped, and gone when removed', async () => {
    const pod = await rig().runPod({ handler });
    const ready = await rig().podStatus(pod.id);
    expect(ready).toMatchObject({
      id: pod.id,
      state: PodSandboxState.SANDBOX_READY,
      metadata: pod.config.metadata,
      runtimeHandler: handler,
    });
    expect(ready.network?.ip).toMatch(/^10\.88\./);
    expect(pod.id).toMatch(/^[0-9a-f]{64}$/);
    expect(await isListed(rig(), pod.id)).toBe(true);

    await rig().call('StopPodSandbox', { podSandboxId: pod.id });
    expect((await rig().podStatus(pod.id)).state).toBe(PodSandboxState.SANDBOX_NOTREADY);
    expect(await isListed(rig(), pod.id)).toBe(true);

    await rig().call('RemovePodSandbox', { podSandboxId: pod.id });
    expect(await isListed(rig(), pod.id)).toBe(false);
    expect(await codeOf(rig().call('PodSandboxStatus', { podSandboxId: pod.id }))).toBe('NOT_FOUND');
  });

  test('is removed with its running containers without having been stopped', async () => {
    const pod = await rig().runPod({ handler });
    const container = await rig().run(pod, sleeper());
    await rig().call('RemovePodSandbox', { podSandboxId: pod.id });
    expect(await codeOf(rig().call('ContainerStatus', { containerId: container }))).toBe('NOT_FOUND');
    expect((await rig().call('ListContainers', {})).containers).toEqual([]);
  });

  test('refuses a new container once it is stopped', async () => {
    const pod = await rig().runPod({ handler });
    await rig().call('StopPodSandbox', { podSandboxId: pod.id });
    await expect(rig().create(pod, sleeper())).rejects.toThrow();
    expect((await rig().call('ListContainers', {})).containers).toEqual([]);
  });

  test('has its hostname in the kernel, in the environment and in /etc/hostname', async () => {
    const pod = await rig().runPod({ handler, config: podConfig({ hostname: 'my-name' }) });
    const { stdout } = await rig().output(pod, shell('hostname; cat /etc/hostname; echo $HOSTNAME'));
    expect(stdout).toBe('my-name\nmy-name\nmy-name\n');
  });

  test('has the DNS configuration that was asked for', async () => {
    const dnsConfig = {
      servers: ['10.10.10.10', '10.10.10.11'],
      searches: ['google.com'],
      options: ['ndots:8'],
    };
    const pod = await rig().runPod({ handler, config: podConfig({ dnsConfig }) });
    const { stdout } = await rig().output(pod, shell('cat /etc/resolv.conf'));
    expect(stdout.trim().split('\n').sort()).toEqual([
      'nameserver 10.10.10.10',
      'nameserver 10.10.10.11',
      'options ndots:8',
      'search google.com',
    ]);
  });

  test("has the host's resolv.conf when no DNS configuration was asked for", async () => {
    const pod = await rig().runPod({ handler });
    const { stdout } = await rig().output(pod, shell('cat /etc/resolv.conf'));
    expect(stdout.trim()).toBe((await readFile('/etc/resolv.conf', 'utf8')).trim());
  });

  test('shares /dev/shm, System V memory and the network among its containers, and with no other pod', async () => {
    const pod = await rig().runPod({ handler });
    const other = await rig().runPod({ handler });
    const one = await rig().run(pod, sleeper());
    const two = await rig().run(pod, sleeper());
    const stranger = await rig().run(other, sleeper());
    await rig().sh(one, 'echo shared > /dev/shm/file');
    expect(await rig().sh(two, 'cat /dev/shm/file')).toBe('shared');
    expect(await rig().sh(stranger, 'ls /dev/shm')).toBe('');
    const spaces = 'for kind in net ipc uts; do readlink /proc/self/ns/$kind; done';
    const [first, second, third] = await Promise.all([one, two, stranger].map((id) => rig().sh(id, spaces)));
    expect(second).toBe(first);
    const mine = first?.split('\n') ?? [];
    for (const space of third?.split('\n') ?? []) expect(mine).not.toContain(space);
  });

  test('has lo and eth0 up, with its address on eth0', async () => {
    const pod = await rig().runPod({ handler });
    const id = await rig().run(pod, sleeper());
    const ip = (await rig().podStatus(pod.id)).network?.ip ?? '';
    expect(await rig().sh(id, 'ip -o -4 addr show eth0')).toContain(`inet ${ip}/`);
    expect(await rig().sh(id, 'ip -o link show lo')).toMatch(/[<,]UP[,>]/);
    expect(await rig().sh(id, `ping -c 1 -w 5 127.0.0.1 > /dev/null 2>&1; ip route | head -1`)).toMatch(
      /^default via 10\.88\./,
    );
  });

  test('is reached at its address, and through a host port on the loopback and the other addresses of the host', async () => {
    const portMappings = [{ protocol: Protocol.TCP, containerPort: 80, hostPort: 12000 }];
    const pod = await rig().runPod({ handler, config: podConfig({ portMappings }) });
    await rig().run(pod, shell('while true; do echo answer | nc -l -p 80; done'));
    const ip = (await rig().podStatus(pod.id)).network?.ip ?? '';
    const ask = async (host: string, port: string): Promise<string> => {
      // Between two listeners a connection may be taken and closed without a word.
      const once = `busybox nc -w 2 ${host} ${port} </dev/null`;
      const script = `for i in $(seq 50); do said=$(${once}); [ -n "$said" ] && echo "$said" && exit; sleep 0.1; done`;
      return (await rig().machine.run('sh', '-c', script)).stdout.toString();
    };
    expect(await ask(ip, '80')).toBe('answer\n');
    expect(await ask('127.0.0.1', '12000')).toBe('answer\n');
    expect(await ask('198.51.100.1', '12000')).toBe('answer\n');
  });

  test('in the host network has no address of its own and sees the host', async () => {
    const pod = await rig().runPod({ handler, config: hostNetworkPod({ hostname: '' }) });
    const id = await rig().run(pod, sleeper(hostNetworkContainer()));
    expect((await rig().podStatus(pod.id)).network?.ip ?? '').toBe('');
    const { holderPid } = rig().machine;
    expect(await rig().sh(id, 'readlink /proc/self/ns/net')).toBe(
      await readlink(`/proc/${holderPid}/ns/net`),
    );
    expect(await rig().sh(id, 'hostname')).toBe(hostname());
  });

  test('in the host IPC namespace sees the host IPC', async () => {
    const namespaceOptions = { pid: NamespaceMode.CONTAINER, ipc: NamespaceMode.NODE };
    const config = podConfig({ linux: { securityContext: { namespaceOptions } } });
    const pod = await rig().runPod({ handler, config });
    const id = await rig().run(pod, secured(sleeper(), { namespaceOptions }));
    expect(await rig().sh(id, 'readlink /proc/self/ns/ipc')).toBe(
      await readlink(`/proc/${rig().machine.holderPid}/ns/ipc`),
    );
  });

  test('in the host PID namespace sees the processes of the host', async () => {
    const namespaceOptions = { pid: NamespaceMode.NODE };
    const config = podConfig({ linux: { securityContext: { namespaceOptions } } });
    const pod = await rig().runPod({ handler, config });
    const id = await rig().run(pod, secured(sleeper(), { namespaceOptions }));
    expect(await rig().sh(id, 'readlink /proc/self/ns/pid')).toBe(await readlink('/proc/self/ns/pid'));
    expect(await rig().sh(id, `tr '\\0' ' ' < /proc/${process.pid}/cmdline`)).toContain('jest');
  });

  test('gives each container process 1 by default', async () => {
    const pod = await rig().runPod({ handler });
    const { stdout } = await rig().output(pod, shell('echo $$'));
    expect(stdout).toBe('1\n');
  });

  test('with a shared PID namespace has an init as process 1 that reaps orphans', async () => {
    const namespaceOptions = { pid: NamespaceMode.POD };
    const config = podConfig({ linux: { securityContext: { namespaceOptions } } });
    const pod = await rig().runPod({ handler, config });
    const one = await rig().run(pod, secured(sleeper(), { namespaceOptions }));
    const two = await rig().run(pod, secured(shell('exec sleep 4242'), { namespaceOptions }));
    expect(await rig().sh(one, 'pidof sleep | wc -w')).not.toBe('0');
    expect(await rig().sh(one, "tr '\\0' ' ' < /proc/1/cmdline")).not.toMatch(/sleep|sh -c/);
    expect(await rig().sh(one, 'readlink /proc/self/ns/pid')).toBe(
      await rig().sh(two, 'readlink /proc/self/ns/pid'),
    );
    await rig().sh(one, '(sleep 0.05 &) ; true');
    const zombies = 'sleep 0.5; grep -l "^State:.Z" /proc/[0-9]*/status 2>/dev/null | wc -l';
    expect(await rig().sh(one, zombies)).toBe('0');
    expect((await rig().call('ListContainers', {})).containers).toHaveLength(2);
  });

  test('sets the sysctls that were asked for', async () => {
    const sysctls = { 'kernel.shm_rmid_forced': '1', 'fs.mqueue.msg_max': '100', 'net.ipv4.ip_forward': '1' };
    const pod = await rig().runPod({ handler, config: podConfig({ linux: { sysctls } }) });
    const read = 'cd /proc/sys; cat kernel/shm_rmid_forced fs/mqueue/msg_max net/ipv4/ip_forward';
    expect((await rig().output(pod, shell(read))).stdout).toBe('1\n100\n1\n');
  });

  test('returns labels, annotations and metadata unaltered', async () => {
    const odd = {
      __proto__x: 'x',
      constructor: 'c',
      'example.com/empty': '',
      'example.com/text': 'ünïcode "quotes" \\ \n newline',
    };
    const config = podConfig({
      metadata: { name: uniqueName('odd'), uid: uniqueName('uid'), namespace: 'ns', attempt: 2 },
      labels: odd,
      annotations: { ...odd, 'example.com/long': 'x'.repeat(100_000) },
    });
    const pod = await rig().runPod({ handler, config });
    const status = await rig().podStatus(pod.id);
    const { items } = await rig().call('ListPodSandbox', { filter: { id: pod.id } });
    for (const seen of [status, items[0]]) {
      expect(seen?.metadata).toEqual(config.metadata);
      expect(seen?.labels).toMatchObject(odd);
      expect(seen?.annotations).toEqual(config.annotations);
      expect(seen?.createdAt).toBe(status.createdAt);
    }
    expect(status.createdAt).toBeGreaterThan(BigInt(Date.now() - 60_000) * 1_000_000n);
    expect(status.linux?.namespaces?.options).toMatchObject({ pid: NamespaceMode.CONTAINER });
  });

  test('says more of itself when asked to', async () => {
    const pod = await rig().runPod({ handler });
    const brief = await rig().call('PodSandboxStatus', { podSandboxId: pod.id });
    const verbose = await rig().call('PodSandboxStatus', { podSandboxId: pod.id, verbose: true });
    expect(brief.info).toEqual({});
    expect(JSON.parse(verbose.info['info'] ?? 'null')).toEqual(expect.any(Object));
  });
});

describe('a pod', () => {
  test('of no handler gets the default one', async () => {
    const pod = await rig().runPod({ handler: '' });
    expect(['', 'crun', 'runc']).toContain((await rig().podStatus(pod.id)).runtimeHandler);
    await rig().run(pod, sleeper());
  });

  test('of an unknown handler is refused and leaves nothing', async () => {
    const config = podConfig();
    await expect(rig().call('RunPodSandbox', { config, runtimeHandler: 'nope' })).rejects.toThrow(/nope/);
    expect((await rig().call('ListPodSandbox', {})).items).toEqual([]);
  });

  test('eight at a time get eight addresses', async () => {
    const pods = await Promise.all(Array.from({ length: 8 }, () => rig().runPod()));
    const statuses = await Promise.all(pods.map((pod) => rig().podStatus(pod.id)));
    expect(new Set(statuses.map((status) => status.network?.ip)).size).toBe(8);
  });

  test('is created strictly later than the one before it', async () => {
    const first = await rig().podStatus((await rig().runPod()).id);
    const second = await rig().podStatus((await rig().runPod()).id);
    expect(second.createdAt).toBeGreaterThan(first.createdAt);
  });
});

function hostNetworkContainer(): object {
  const namespaceOptions = { network: NamespaceMode.NODE, pid: NamespaceMode.CONTAINER };
  return { linux: { securityContext: { namespaceOptions } } };
}
