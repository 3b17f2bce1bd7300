import { describe, expect, test } from '@jest/globals';
import { mountsBelow, parseMountinfo } from './mountinfo.ts';

describe('mountinfo', () => {
  test('is parsed with its tags, optional fields and escapes', () => {
    const text = [
      '36 35 98:0 /mnt1 /mnt2 rw,noatime shared:1 master:2 - ext3 /dev/root rw,errors=continue',
      '37 35 0:5 / /a\\040b\\011\\012\\134c\\043 ro unbindable - tmpfs none\\040x rw,lowerdir=/x\\054y',
      '38 35 0:6 net:[4026532000] /run/net rw shared:7 - nsfs nsfs rw',
      '39 35 0:6 / /slave rw master:3 propagate_from:2 - tmpfs - rw',
      '',
    ].join('\n');
    const mounts = parseMountinfo(text);
    expect(mounts[0]).toEqual({
      id: 36,
      parentId: 35,
      root: '/mnt1',
      target: '/mnt2',
      options: ['rw', 'noatime'],
      propagation: 'shared-slave',
      type: 'ext3',
      source: '/dev/root',
      superOptions: ['rw', 'errors=continue'],
    });
    expect(
      mounts.map(({ target, propagation, type, source }) => [target, propagation, type, source]).slice(1),
    ).toEqual([
      ['/a b\t\n\\c#', 'unbindable', 'tmpfs', 'none x'],
      ['/run/net', 'shared', 'nsfs', 'nsfs'],
      ['/slave', 'slave', 'tmpfs', '-'],
    ]);
    expect(mounts[1]?.superOptions).toEqual(['rw', 'lowerdir=/x,y']);
  });

  test('that does not parse is an error, not a mount less', () => {
    for (const line of ['36 35 98:0 / /mnt rw', '36 35 98:0 / /mnt rw - ext4', 'x'])
      expect(() => parseMountinfo(line)).toThrow('mountinfo line');
  });

  test('gives the mounts below a path, newest first, and no neighbours', () => {
    const line = (target: string): string => `1 2 0:1 / ${target} rw - tmpfs x rw`;
    const mounts = parseMountinfo(['/a', '/a/b', '/ab', '/a', '/a/b/c'].map(line).join('\n'));
    expect(mountsBelow(mounts, '/a').map((mount) => mount.target)).toEqual(['/a/b/c', '/a', '/a/b', '/a']);
    expect(mountsBelow(mounts, '/')).toHaveLength(5);
  });
});
