import { describe, expect, test } from '@jest/globals';
import type { CapabilityRequest } from './requests/container-config.ts';
import { parseCapability, planCapabilities } from './capabilities.ts';
import { capabilityNames, defaultCapabilities } from './capability-names.ts';

const none: CapabilityRequest = { add: [], drop: [], addAmbient: [] };
const facts = { defaults: defaultCapabilities, bounding: capabilityNames };

function held(request: Partial<CapabilityRequest>, isPrivileged = false): readonly string[] {
  return planCapabilities({ ...none, ...request }, isPrivileged, facts).sets.bounding;
}
const without = (...names: string[]): string[] => capabilityNames.filter((name) => !names.includes(name));
const inOrder = (names: readonly string[]): string[] =>
  capabilityNames.filter((name) => names.includes(name));

describe('the sets of a container', () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ['nothing asked for', held({}), inOrder(defaultCapabilities)],
    ['add', held({ add: ['CAP_NET_RAW'] }), inOrder([...defaultCapabilities, 'CAP_NET_RAW'])],
    [
      'drop',
      held({ drop: ['CAP_KILL'] }),
      inOrder(defaultCapabilities.filter((name) => name !== 'CAP_KILL')),
    ],
    ['drop what is not held', held({ drop: ['CAP_BPF'] }), inOrder(defaultCapabilities)],
    ['drop ALL', held({ drop: ['ALL'] }), []],
    ['drop ALL, add one', held({ drop: ['ALL'], add: ['CAP_CHOWN'] }), ['CAP_CHOWN']],
    ['add ALL', held({ add: ['ALL'] }), capabilityNames],
    ['add ALL, drop one', held({ add: ['ALL'], drop: ['CAP_BPF'] }), without('CAP_BPF')],
    ['add and drop ALL', held({ add: ['ALL'], drop: ['ALL'] }), []],
    ['add and drop the same', held({ add: ['CAP_BPF'], drop: ['CAP_BPF'] }), inOrder(defaultCapabilities)],
    ['privileged, whatever is dropped', held({ drop: ['ALL'] }, true), capabilityNames],
  ])('%s', (_name, actual, expected) => {
    expect(actual).toEqual(expected);
  });

  // CVE-2022-27652, CVE-2022-24769
  test.each([false, true])(
    'inheritable and ambient are empty unless asked for (privileged: %p)',
    (isPrivileged) => {
      const { sets } = planCapabilities({ ...none, add: ['ALL'] }, isPrivileged, facts);
      expect(sets).toMatchObject({ inheritable: [], ambient: [] });
      expect(sets.effective).toEqual(sets.bounding);
      expect(sets.permitted).toEqual(sets.bounding);
    },
  );

  test('ambient ones are in all five sets, unless dropped', () => {
    const request = { add: [], drop: ['CAP_KILL'], addAmbient: ['CAP_NET_RAW', 'CAP_KILL'] };
    const { sets } = planCapabilities(request, false, { ...facts, defaults: [] });
    const one = ['CAP_NET_RAW'];
    expect(sets).toEqual({ bounding: one, effective: one, permitted: one, inheritable: one, ambient: one });
  });

  test("nothing beyond the daemon's own bounding set is given, and what was named is told", () => {
    const bounding = without('CAP_SYS_RESOURCE', 'CAP_BPF');
    const all = planCapabilities({ ...none, add: ['ALL'] }, false, { ...facts, bounding });
    expect(all).toMatchObject({ sets: { bounding }, leftOut: [] });
    const named = planCapabilities({ ...none, add: ['CAP_BPF', 'CAP_BPF'] }, false, { ...facts, bounding });
    expect(named.sets.bounding).not.toContain('CAP_BPF');
    expect(named.leftOut).toEqual(['CAP_BPF']);
  });
});

test.each([
  ['NET_ADMIN', 'CAP_NET_ADMIN'],
  ['CAP_NET_ADMIN', 'CAP_NET_ADMIN'],
  ['net_admin', 'CAP_NET_ADMIN'],
  ['all', 'ALL'],
])('%s is %s', (text, expected) => {
  expect(parseCapability(text)).toBe(expected);
});

test.each([
  '',
  'NET',
  'CAP_',
  'CAP_ALL',
  'CAP_CAP_KILL',
  'KILL ',
  '__proto__',
  'CAP_KILL\0',
  'x'.repeat(1000),
])('refuses %p', (text) => {
  expect(() => parseCapability(text)).toThrow(
    expect.objectContaining({ code: 'invalid', reason: 'UnknownCapability' }),
  );
});
