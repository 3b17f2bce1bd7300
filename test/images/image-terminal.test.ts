/**
 * `cri-ts images` on a terminal that tmux drives: bars, passwords, Ctrl-C. Reference: issue 3, point 6.
 */
import { afterEach, describe, expect, test } from '@jest/globals';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { imagesCli, imagesCommand } from '../harness/images-cli.ts';
import { account, Registry } from '../harness/registry.ts';
import { uniqueName } from '../harness/requests.ts';
import { image } from '../harness/test-images.ts';
import { Tmux } from '../harness/tmux.ts';
import { useRig } from '../harness/use-rig.ts';
import { eventually } from '../harness/wait.ts';

const rig = useRig();
const size = { width: 150, height: 12 };

afterEach(async () => {
  const { images } = await rig().call('ListImages', {});
  for (const { id, repoTags } of images) {
    if (!repoTags.includes(image.busybox)) await rig().call('RemoveImage', { image: { image: id } });
  }
  await rm(work(), { recursive: true, force: true });
});

function work(...names: readonly string[]): string {
  return rig().machine.path('archives', ...names);
}

type Terminal = { readonly term?: string; readonly before?: string };

async function terminal(
  args: readonly string[],
  { term = 'screen', before = ':' }: Terminal = {},
): Promise<Tmux> {
  await mkdir(work(), { recursive: true });
  const command = imagesCommand(rig(), ...args).join(' ');
  // Its last lines would be lost with the window's program.
  const script = `trap : INT; ${before}; TERM=${term} ${command}; echo "exit code $?"; cat`;
  const argv = rig().machine.enter(['sh', '-c', script]);
  return await Tmux.open(rig().machine.path(uniqueName('tmux')), argv, size);
}

/** What was on the screen when the command had ended, line by line. */
async function ended(tmux: Tmux, code: number): Promise<readonly string[]> {
  await tmux.shows(/^exit code /m);
  const lines = (await tmux.screen()).split('\n').filter((line) => line !== '');
  expect(lines.pop()).toBe(`exit code ${code}`);
  return lines;
}

const bar = /^[0-9a-f]{12} \[[#-]{30}\] +\d+% of /;

describe('on a terminal', () => {
  test('a pull of more layers than rows shows as many bars as have room, once each', async () => {
    await using tmux = await terminal(['pull', image.manyLayers]);
    const lines = await ended(tmux, 0);
    const bars = lines.filter((line) => bar.test(line));
    // Three lines and the cursor stand below them.
    expect(bars).toHaveLength(size.height - 4);
    expect(new Set(bars.map((line) => line.slice(0, 12))).size).toBe(bars.length);
    expect(lines.join('\n')).toMatch(/30 more, 30 of them done\nsha256:[0-9a-f]{64}$/);
  });

  test('one that moves no cursor, a pull is told in lines', async () => {
    await using tmux = await terminal(['pull', image.whiteouts], { term: 'dumb' });
    const lines = await ended(tmux, 0);
    expect(lines.filter((line) => bar.test(line))).toEqual([]);
    expect(lines.filter((line) => / unpacked /.test(line))).toHaveLength(2);
  });

  test('an export and an import say how much it was, and what came', async () => {
    const id = await rig().pull(image.whiteouts);
    {
      await using tmux = await terminal(['export', image.whiteouts, '--output', work('one.tar')]);
      expect(await ended(tmux, 0)).toEqual([expect.stringMatching(/^written \d.*B$/)]);
    }
    await rig().call('RemoveImage', { image: { image: id } });
    await using tmux = await terminal(['import', work('one.tar')]);
    expect(await ended(tmux, 0)).toEqual([
      expect.stringMatching(/^read (\d.*B) of \1$/),
      expect.stringContaining(`${image.whiteouts}: 3 layers, 2 missing`),
      expect.stringMatching(/\[#{30}\] 100% of .* present$/),
      ...Array.from({ length: 2 }, () => expect.stringMatching(/\[#{30}\] 100% of .* unpacked$/)),
      `${id} ${image.whiteouts}`,
    ]);
  });

  test('the password of a registry is asked for, and not shown', async () => {
    await using registry = await Registry.start(rig().machine, { port: 5001, needsPassword: true });
    const name = image.plain.replace(/^[^/]+/, registry.address);
    await using tmux = await terminal(['pull', name, '--username', account.username]);
    await tmux.shows(/Password of tester: *$/m);
    await tmux.type(account.password);
    const lines = await ended(tmux, 0);
    expect(lines.join('\n')).not.toContain(account.password);
    expect(lines.at(-1)).toMatch(/^sha256:/);
  });

  test('who is asked for a password holds up nobody, also where no daemon runs', async () => {
    const places = ['--run-dir', work('run'), '--root-dir', work('root')];
    await using tmux = await terminal(['pull', image.plain, '--username', 'somebody', ...places]);
    await tmux.shows(/Password of/);
    const { exitCode, stderr } = await imagesCli(rig(), 'ls', ...places);
    expect([exitCode, stderr]).toEqual([0, '']);
    await tmux.press('C-c');
    await ended(tmux, 130);
  });

  test('Ctrl-C ends a command at its password, and an export that nobody reads, with nothing half done', async () => {
    {
      await using tmux = await terminal(['pull', image.plain, '--username', 'somebody']);
      await tmux.shows(/Password of/);
      await tmux.press('C-c');
      expect((await ended(tmux, 130)).at(-1)).toMatch(/cri-ts: interrupted$/);
    }
    await mkdir(work(), { recursive: true });
    await rig().machine.run('mkfifo', work('pipe'));
    await using tmux = await terminal(['export', image.busybox, '--output', work('pipe')], {
      before: `exec 3<>${work('pipe')}`,
    });
    await tmux.shows(/^written \d/m);
    await tmux.press('C-c');
    expect((await ended(tmux, 130)).at(-1)).toMatch(/cri-ts: interrupted$/);
    expect(await readdir(work())).toEqual(['pipe']);
    const temporary = rig().machine.outside(join(rig().daemon.dirs.rootDir, 'images/tmp'));
    await eventually('the daemon has tidied up', async () => (await readdir(temporary)).length === 0);
  });
});
