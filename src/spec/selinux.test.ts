import { describe, expect, test } from '@jest/globals';
import { chooseLevel, defaultContexts, isLevel, mayRelabel, parseContexts, planSelinux } from './selinux.ts';

describe('the labels of a container', () => {
  const nothing = { user: '', role: '', type: '', level: '' };
  const plan = (changes: Partial<Parameters<typeof planSelinux>[0]> = {}): readonly string[] => {
    const input = { contexts: defaultContexts, podLevel: 's0:c1,c2', podOptions: null, options: null };
    const { process, mount } = planSelinux({ ...input, isPrivileged: false, ...changes });
    return [process, mount];
  };

  test("are the policy's with the level of the pod", () => {
    expect(plan()).toEqual([
      'system_u:system_r:container_t:s0:c1,c2',
      'system_u:object_r:container_file_t:s0:c1,c2',
    ]);
  });

  test('are what the container asks for, else what the pod asks for, part by part', () => {
    const podOptions = { user: 'pod_u', role: 'pod_r', type: 'pod_t', level: 's0:c7,c8' };
    expect(plan({ podOptions })).toEqual([
      'pod_u:pod_r:pod_t:s0:c7,c8',
      'pod_u:object_r:container_file_t:s0:c7,c8',
    ]);
    const options = { ...nothing, type: 'svirt_lxc_net_t', level: 's0:c4,c5' };
    expect(plan({ podOptions, options })).toEqual([
      'pod_u:pod_r:svirt_lxc_net_t:s0:c4,c5',
      'pod_u:object_r:container_file_t:s0:c4,c5',
    ]);
  });

  test('of a privileged one confine nothing, unless it asks for a type', () => {
    expect(plan({ isPrivileged: true })[0]).toBe('system_u:system_r:spc_t:s0:c1,c2');
    expect(plan({ isPrivileged: true, options: { ...nothing, type: 'mine_t' } })[0]).toBe(
      'system_u:system_r:mine_t:s0:c1,c2',
    );
  });

  test("come from the policy's own file, and what it lacks from the default", () => {
    const contexts = parseContexts(
      '# comment\nprocess = "a_u:a_r:a_t:s0"\ncontent = "x"\nfile = broken\nro_file="b_u:b_r:b_t:s0"\n',
    );
    expect(contexts.process).toEqual({ user: 'a_u', role: 'a_r', type: 'a_t', level: 's0' });
    expect(contexts.file).toEqual(defaultContexts.file);
  });
});

test('a level is a sensitivity or a range of them with categories', () => {
  for (const level of ['s0', 's0:c1', 's0:c1,c2', 's0:c0.c1023', 's0-s15:c0.c1023'])
    expect([level, isLevel(level)]).toEqual([level, true]);
  for (const level of ['', 's0,c4,c5', 'c1', 's0:', 's0:c1,', 's0:c1:c2', 's0 ', 's0\n', 'SystemHigh'])
    expect([level, isLevel(level)]).toEqual([level, false]);
});

describe('the level of a pod', () => {
  test('is a pair of categories that no other pod has', () => {
    const taken = new Set<string>();
    for (let count = 0; count < 45; count += 1) taken.add(chooseLevel(taken, 10, 0.999_999));
    expect(taken.size).toBe(45);
    for (const level of taken) {
      const [low = -1, high = -1] = (/^s0:c(\d+),c(\d+)$/.exec(level) ?? []).slice(1).map(Number);
      expect(low >= 0 && low < high && high < 10).toBe(true);
    }
    expect(() => chooseLevel(taken, 10, 0)).toThrow(expect.objectContaining({ reason: 'NoSelinuxLevel' }));
  });

  test('can be any of half a million', () => {
    expect(chooseLevel(new Set(), 1024, 0)).toBe('s0:c0,c1');
    expect(chooseLevel(new Set(), 1024, 0.999_999_999)).toBe('s0:c1022,c1023');
  });
});

test('only what can be a volume is relabelled (CVE-2021-43816)', () => {
  const own = ['/var/lib/cri-ts', '/run/cri-ts'];
  const refused =
    '/ /etc /etc/hosts /etc/passwd /usr /usr/share/x /bin /lib64/x /dev/sda /proc/1 /sys /boot /home /root /tmp /run /var /var/lib /var/log /var/lib/kubelet /var/lib/cri-ts /var/lib/cri-ts/images /run/cri-ts/pods'.split(
      ' ',
    );
  for (const path of refused) expect([path, mayRelabel(path, own)]).toEqual([path, false]);
  for (const path of [
    '/var/lib/kubelet/pods/x/volumes/y',
    '/var/lib/kubelet/pods/x/etc-hosts',
    '/tmp/x',
    '/data',
    '/home/me/data',
    '/etcetera',
    '/var/lib/cri-ts-data',
  ])
    expect([path, mayRelabel(path, own)]).toEqual([path, true]);
});
