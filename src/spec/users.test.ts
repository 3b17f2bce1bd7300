import { describe, expect, test } from '@jest/globals';
import { assert, property, uint8Array } from 'fast-check';
import type { SupplementalGroups, UserRequest } from './requests/container-config.ts';
import { maxAccountFileBytes, parseGroup, parseId, parsePasswd } from './passwd.ts';
import { type Identity, parseImageUser, resolveIdentity } from './users.ts';

const passwd = Buffer.from(
  [
    'root:x:0:0:root:/root:/bin/sh',
    'www-data:x:33:33::/var/www:/usr/sbin/nologin',
    'default-user:x:1000:1000::/home/default-user:/bin/sh',
    '1234:x:0:0:a name of digits:/root:/bin/sh',
    'nobody:x:65534:65534::/nonexistent:/bin/false',
  ].join('\n'),
);
const group = Buffer.from(
  'root:x:0:\nwww-data:x:33:\ngroup-defined-in-image:x:50000:default-user\nmany:x:7:www-data,default-user,root\n',
);
const files = { passwd, group };
const merge = (...gids: number[]): SupplementalGroups => ({ policy: 'merge', gids });
const strict = (...gids: number[]): SupplementalGroups => ({ policy: 'strict', gids });

function identify(user: UserRequest, groups: SupplementalGroups = merge(), imageUser = ''): Identity {
  return resolveIdentity({ user, groups }, imageUser, files);
}
const asUid = (uid: number, gid: number | null = null): UserRequest => ({ kind: 'uid', uid, gid });
const asName = (name: string, gid: number | null = null): UserRequest => ({ kind: 'name', name, gid });
const asImage: UserRequest = { kind: 'image' };

describe('the identity of a process', () => {
  test.each<[string, Identity, Identity]>([
    [
      'root of an image without USER',
      identify(asImage),
      { uid: 0, gid: 0, additionalGids: [0, 7], home: '/root' },
    ],
    ['a known uid', identify(asUid(33)), { uid: 33, gid: 33, additionalGids: [7, 33], home: '/var/www' }],
    [
      'a known uid with a group',
      identify(asUid(33, 5)),
      { uid: 33, gid: 5, additionalGids: [5, 7], home: '/var/www' },
    ],
    ['an unknown uid', identify(asUid(4711)), { uid: 4711, gid: 0, additionalGids: [0], home: '/' }],
    [
      'an unknown uid with a group',
      identify(asUid(4711, 9)),
      { uid: 4711, gid: 9, additionalGids: [9], home: '/' },
    ],
    [
      'a name',
      identify(asName('nobody')),
      { uid: 65534, gid: 65534, additionalGids: [65534], home: '/nonexistent' },
    ],
    [
      'a name with a group',
      identify(asName('nobody', 1)),
      { uid: 65534, gid: 1, additionalGids: [1], home: '/nonexistent' },
    ],
    [
      'Merge adds the groups of the image',
      identify(asUid(1000), merge(1234)),
      { uid: 1000, gid: 1000, additionalGids: [7, 1000, 1234, 50000], home: '/home/default-user' },
    ],
    [
      'Strict does not',
      identify(asUid(1000), strict(1234)),
      { uid: 1000, gid: 1000, additionalGids: [1000, 1234], home: '/home/default-user' },
    ],
    ['USER uid', identify(asImage, strict(), '1002'), { uid: 1002, gid: 0, additionalGids: [0], home: '/' }],
    [
      'USER uid:gid',
      identify(asImage, strict(), '1003:1004'),
      { uid: 1003, gid: 1004, additionalGids: [1004], home: '/' },
    ],
    [
      'USER name:gid',
      identify(asImage, strict(), 'www-data:1004'),
      { uid: 33, gid: 1004, additionalGids: [1004], home: '/var/www' },
    ],
    [
      'USER name:group',
      identify(asImage, strict(), 'www-data:many'),
      { uid: 33, gid: 7, additionalGids: [7], home: '/var/www' },
    ],
    [
      'USER with an empty group',
      identify(asImage, strict(), 'www-data:'),
      { uid: 33, gid: 33, additionalGids: [33], home: '/var/www' },
    ],
    [
      'the request beats USER',
      identify(asUid(33), strict(), '1003:1004'),
      { uid: 33, gid: 33, additionalGids: [33], home: '/var/www' },
    ],
  ])('%s', (_name, actual, expected) => {
    expect(actual).toEqual(expected);
  });

  test('digits are a uid although a user of that name exists', () => {
    expect(identify(asImage, strict(), '1234')).toMatchObject({ uid: 1234, gid: 0, home: '/' });
  });

  test.each<[string, () => unknown, string]>([
    ['an unknown name', () => identify(asName('ghost')), 'UnknownUser'],
    ['an unknown USER', () => identify(asImage, merge(), 'ghost'), 'UnknownUser'],
    ['a USER beyond the ids', () => identify(asImage, merge(), '4294967295'), 'UnknownUser'],
    ['a USER that wraps around to 0', () => identify(asImage, merge(), '4294967296'), 'UnknownUser'],
    ['a USER of 65536 times 65536', () => identify(asImage, merge(), '65536:4294967296'), 'UnknownGroup'],
    ['a negative USER', () => identify(asImage, merge(), '-1'), 'UnknownUser'],
    ['a hexadecimal USER', () => identify(asImage, merge(), '0x0'), 'UnknownUser'],
    ['a USER with a space', () => identify(asImage, merge(), ' 0'), 'UnknownUser'],
    ['an unknown group', () => identify(asImage, merge(), 'root:ghost'), 'UnknownGroup'],
    ['three parts', () => identify(asImage, merge(), 'a:b:c'), 'InvalidImageUser'],
    ['a newline', () => identify(asImage, merge(), 'root\nx'), 'InvalidImageUser'],
    ['an endless USER', () => identify(asImage, merge(), 'x'.repeat(100_000)), 'InvalidImageUser'],
    ['the prototype', () => identify(asName('__proto__')), 'UnknownUser'],
  ])('refuses %s', (_name, act, reason) => {
    expect(act).toThrow(expect.objectContaining({ code: 'invalid', reason }));
  });

  test('works without any account file', () => {
    const none = { passwd: null, group: null };
    expect(resolveIdentity({ user: asUid(5), groups: merge(9, 9, 1) }, '', none)).toEqual({
      uid: 5,
      gid: 0,
      additionalGids: [0, 1, 9],
      home: '/',
    });
    expect(() => resolveIdentity({ user: asName('root'), groups: merge() }, '', none)).toThrow(
      /run_as_username "root"/,
    );
  });
});

describe('hostile account files', () => {
  const homeOf = (line: Uint8Array): string =>
    resolveIdentity({ user: asUid(7), groups: merge() }, '', { passwd: line, group: null }).home;
  const entry = (home: string): Buffer => Buffer.from(`u:x:7:7::${home}:/bin/sh\n`, 'latin1');

  // CVE-2022-4318, CVE-2026-15809: a line feed in HOME became a line of another passwd file. By byte value, not by `\n`.
  test.each(Array.from({ length: 32 }, (_none, byte) => byte).concat(127))(
    'byte %d in a line spoils it',
    (byte) => {
      expect(homeOf(entry(`/home/${String.fromCharCode(byte)}evil`))).toBe('/');
    },
  );

  test.each([0, 9, 13, 27, 127])('a line with byte %d in any field is no entry', (byte) => {
    const odd = String.fromCharCode(byte);
    expect(parsePasswd(Buffer.from(`u:x:7:7:ge${odd}cos:/home/u:/bin/sh\n`))).toEqual([]);
    expect(parseGroup(Buffer.from(`g:x:7:a,b${odd}\nok:x:8:\n`))).toEqual([
      { name: 'ok', gid: 8, members: [] },
    ]);
  });

  test('C1 controls, NEL and broken UTF-8 in HOME are not passed on', () => {
    expect(homeOf(Buffer.from('u:x:7:7::/home/\u0085evil:/bin/sh\n'))).toBe('/');
    expect(homeOf(entry('/home/\u00ff'))).toBe('/');
    expect(homeOf(Buffer.from('u:x:7:7::/home/ü:/bin/sh\n'))).toBe('/home/ü');
  });

  test('a colon in HOME makes another field and so no entry at all', () => {
    expect(homeOf(entry('/home:/evil'))).toBe('/');
  });

  test('a relative HOME is not used', () => {
    expect(homeOf(entry('home'))).toBe('/');
  });

  test.each([
    '-1',
    '4294967295',
    '4294967296',
    '18446744073709551616',
    '0x0',
    '1e3',
    ' 1',
    '+1',
    '',
    '1.0',
    '٣',
  ])('uid %p is no uid', (uid) => {
    expect(parseId(uid)).toBeNull();
    expect(parsePasswd(Buffer.from(`u:x:${uid}:0::/:/bin/sh\n`))).toEqual([]);
    expect(parseGroup(Buffer.from(`g:x:${uid}:\n`))).toEqual([]);
  });

  test('ids are read to the end of their range', () => {
    expect([parseId('0'), parseId('4294967294'), parseId('0000000007')]).toEqual([0, 4294967294, 7]);
  });

  test('lines of other forms are skipped, the good ones around them are kept', () => {
    const lines = '#comment\nshort:x:1\n\n:x:1:1::/:\na:x:1:1:g:/h:/s:extra\nok:x:2:3:gecos:/h:/s';
    expect(parsePasswd(Buffer.from(lines))).toEqual([{ name: 'ok', uid: 2, gid: 3, home: '/h' }]);
  });

  test('an endless line and an endless file are refused', () => {
    const line = (bytes: number): Buffer => Buffer.from(`u:x:7:7::/ok:/s\nv:x:8:8:${'g'.repeat(bytes)}:/:/s`);
    expect(homeOf(line(65_000))).toBe('/ok');
    for (const parse of [parsePasswd, parseGroup])
      expect(() => parse(line(65_536))).toThrow(expect.objectContaining({ reason: 'AccountFileTooLarge' }));
    expect(() => parsePasswd(new Uint8Array(maxAccountFileBytes + 1))).toThrow(
      expect.objectContaining({ reason: 'AccountFileTooLarge' }),
    );
  });

  test('any bytes at all give ids in range and a printable HOME, or a refusal', () => {
    assert(
      property(uint8Array({ maxLength: 300 }), uint8Array({ maxLength: 300 }), (bytes, groupBytes) => {
        const identity = resolveIdentity({ user: asUid(0), groups: merge() }, '', {
          passwd: bytes,
          group: groupBytes,
        });
        expect(identity.home).toMatch(/^\/[^\p{Cc}:]*$/u);
        for (const id of [identity.uid, identity.gid, ...identity.additionalGids])
          expect(id >= 0 && id <= 4294967294).toBe(true);
      }),
    );
  });
});

test('USER is split at its colon', () => {
  expect(parseImageUser('a:b')).toEqual({ user: 'a', group: 'b' });
  expect(parseImageUser(':b')).toEqual({ user: '', group: 'b' });
});
