import { expect, test } from '@jest/globals';
import { SelinuxLevels } from './selinux-levels.ts';

test('a level stays with the pod that has it, also over restarts, and with one in the making', () => {
  const records: { selinuxLevel: string | null }[] = [{ selinuxLevel: 's0:c0,c1' }, { selinuxLevel: null }];
  const levels = new SelinuxLevels({ isOn: true, categories: 3, pods: () => records, random: () => 0 });
  const first = levels.take();
  expect(first.level).toBe('s0:c0,c2');
  {
    using second = levels.take();
    expect(second.level).toBe('s0:c1,c2');
    expect(() => levels.take()).toThrow(expect.objectContaining({ reason: 'NoSelinuxLevel' }));
  }
  // The pod in the making failed; the first one is recorded.
  records.push({ selinuxLevel: first.level });
  first[Symbol.dispose]();
  expect(levels.take().level).toBe('s0:c1,c2');
});

test('there are none where containers are not labelled', () => {
  const levels = new SelinuxLevels({ isOn: false, categories: 1024, pods: () => [] });
  expect(levels.take().level).toBeNull();
});
