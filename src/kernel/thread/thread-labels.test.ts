import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { errnoOf } from '../../base/errors.ts';
import { lgetxattr, lsetxattr } from '../calls/attribute-calls.ts';
import { labelTree } from './thread-labels.ts';

let dir = '';
const label = 'system_u:object_r:container_file_t:s0:c1,c2';
const other = 'system_u:object_r:var_lib_t:s0';

beforeEach(async () => {
  dir = await mkdtemp('/tmp/ct-labels-');
  await mkdir(`${dir}/volume/sub/deep`, { recursive: true });
  await writeFile(`${dir}/volume/sub/deep/file`, 'x');
  await writeFile(Buffer.from(`${dir}/volume/\xff`, 'latin1'), 'a name that is not UTF-8');
  await mkdir(`${dir}/outside`);
  await writeFile(`${dir}/outside/secret`, 'x');
  await symlink('../outside/secret', `${dir}/volume/link`);
  await symlink('../outside', `${dir}/volume/dirlink`);
});
afterEach(async () => await rm(dir, { recursive: true }));

/** Null: the file has none. */
function labelAt(path: string | Buffer): string | null {
  try {
    return lgetxattr(path, 'security.selinux').toString('utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENODATA') return null;
    throw error;
  }
}

describe('labelling a tree', () => {
  test('labels everything in it, links themselves, and nothing that they point at', () => {
    expect(labelTree({ path: `${dir}/volume`, label })).toBe(7);
    for (const name of ['', '/sub', '/sub/deep', '/sub/deep/file', '/link', '/dirlink'])
      expect([name, labelAt(`${dir}/volume${name}`)]).toEqual([name, `${label}\0`]);
    expect(labelAt(Buffer.from(`${dir}/volume/\xff`, 'latin1'))).toBe(`${label}\0`);
    expect([labelAt(`${dir}/outside`), labelAt(`${dir}/outside/secret`)]).toEqual([null, null]);
  });

  test('is done already when the top has the label', () => {
    lsetxattr(`${dir}/volume`, 'security.selinux', Buffer.from(`${label}\0`));
    expect(labelTree({ path: `${dir}/volume`, label })).toBe(0);
    expect(labelAt(`${dir}/volume/sub`)).toBeNull();
  });

  test('changes the label of a file, and of a tree that has another', () => {
    const file = `${dir}/outside/secret`;
    lsetxattr(file, 'security.selinux', Buffer.from(other));
    expect(labelTree({ path: file, label })).toBe(1);
    expect(labelAt(file)).toBe(`${label}\0`);
    expect(labelTree({ path: `${dir}/volume`, label: other })).toBe(7);
    expect(labelTree({ path: `${dir}/volume`, label })).toBe(7);
  });

  test('fails by name where there is nothing', () => {
    expect(() => labelTree({ path: `${dir}/none`, label })).toThrow(
      expect.objectContaining({ errno: 'ENOENT' }),
    );
  });
});
