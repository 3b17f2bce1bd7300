/**
 * Brings a machine to where cri-ts can run: packages, npm dependencies, bundles, a default configuration. Each step does
 * nothing when there is nothing to do. Runs on Node 20, without dependencies.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { dirname, join } from 'node:path';
import { done, Failure } from './console.js';
import { ensurePackages } from './packages.js';
import { findProgram, readOutput, runShown } from './programs.js';

export const project = dirname(import.meta.dirname);
export const configFile = '/etc/cri-ts/cri-ts.toml';
const networkDir = '/etc/cni/net.d';
const networkFile = join(networkDir, '10-cri-ts.conflist');

/** The Node that the project is locked to. */
export const lockedNode = join(project, 'node_modules/.bin/node');
export const daemonBundle = join(project, 'dist/cri-ts.js');

/** @throws Failure without root; called before anything is changed */
export function requireRoot(command) {
  if (process.getuid() !== 0)
    throw new Failure(`${command} needs root: it makes namespaces, mounts and cgroups.`);
  if (process.platform !== 'linux') throw new Failure(`${command} needs Linux.`);
}

/** Packages, npm dependencies, bundles. */
export async function setUp(packages) {
  await ensurePackages(packages);
  await ensureDependencies();
  await ensureBundles();
}

async function ensureDependencies() {
  if (areDependenciesThere()) return;
  const npm = findProgram('npm');
  if (npm === null) throw new Failure('npm is missing: install it (Debian: apt-get install npm).');
  const startedAtMs = performance.now();
  // Not `npm ci`: it refuses a lock file that lacks optional packages of other platforms, as registries that do not have
  // them make it. What is in the lock file is installed in exactly that version, with its checksum verified.
  const argv = [npm, 'install', '--no-save', '--no-audit', '--no-fund', '--loglevel=http'];
  const { code, tail } = await runShown(argv, { cwd: project });
  if (code !== 0) {
    const reason = tail.find((line) => /^npm (?:err|error)/i.test(line)) ?? tail.at(-1) ?? '';
    throw new Failure(`npm could not install the dependencies: ${reason}`);
  }
  if (!existsSync(lockedNode))
    throw new Failure(`npm brought no Node for ${process.arch}: only x64 and arm64 are served.`);
  done('installed npm dependencies', startedAtMs);
}

/** Compares what npm says it installed with the lock file, version by version. */
function areDependenciesThere() {
  const installed = readPackages(join(project, 'node_modules/.package-lock.json'));
  const locked = readPackages(join(project, 'package-lock.json'));
  if (installed === null || locked === null || !existsSync(lockedNode)) return false;
  return Object.entries(locked).every(
    ([path, entry]) => path === '' || entry.optional === true || installed[path]?.version === entry.version,
  );
}

function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : null;
}

async function ensureBundles() {
  const madeAtMs = existsSync(daemonBundle) ? statSync(daemonBundle).mtimeMs : 0;
  const sources = [
    'src',
    'conmon-ts',
    'cni',
    'cri-api',
    'package.json',
    'package-lock.json',
    'deploy/bundle.js',
  ];
  if (sources.every((name) => newestMs(join(project, name)) <= madeAtMs)) return;
  const startedAtMs = performance.now();
  const { code } = await runShown([lockedNode, join(project, 'deploy/bundle.js')], { cwd: project });
  if (code !== 0) throw new Failure('the bundles could not be made; esbuild said why.');
  done('made the bundles in dist/', startedAtMs);
}

function newestMs(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const names = readdirSync(path, { recursive: true }).filter(
    (name) => /\.(?:ts|js|json)$/.test(name) && !name.endsWith('.test.ts'),
  );
  return Math.max(0, ...names.map((name) => statSync(join(path, name)).mtimeMs));
}

/** Writes the default configuration and a default network where there is none, and says so. */
export async function ensureConfig() {
  if (!existsSync(configFile)) {
    const template = await readOutput([lockedNode, daemonBundle, 'config', '--default']);
    write(configFile, template);
    done(`wrote ${configFile}: every option with its default`);
  }
  if (hasNetwork()) return;
  const subnet = freeSubnet();
  const sample = readFileSync(join(project, 'deploy/cni/10-cri-ts.conflist'), 'utf8');
  write(networkFile, sample.replace('10.88.0.0/16', subnet));
  done(`wrote ${networkFile}: a bridge for pods, ${subnet}`);
}

function write(file, content) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content, { flag: 'wx', mode: 0o644 });
}

function hasNetwork() {
  return (
    existsSync(networkDir) && readdirSync(networkDir).some((name) => /\.(?:conf|conflist|json)$/.test(name))
  );
}

/** The first of some private ranges that no interface and no route of this machine touches. */
function freeSubnet() {
  const candidates = [
    ...Array.from({ length: 12 }, (_, index) => [10, 88 + index]),
    [172, 29],
    [172, 30],
    [192, 168],
  ];
  const used = usedRanges();
  const free = candidates.find(([a, b]) => {
    const first = ((a << 24) | (b << 16)) >>> 0;
    return used.every((range) => range.last < first || range.first > first + 0xffff);
  });
  if (free === undefined)
    throw new Failure(`no private range is free for pods: write a network to ${networkDir} yourself.`);
  return `${free.join('.')}.0.0/16`;
}

function usedRanges() {
  const addresses = Object.values(networkInterfaces())
    .flat()
    .filter(({ family }) => family === 'IPv4')
    .map(({ address, netmask }) => rangeOf(toNumber(address), toNumber(netmask)));
  const routes = readFileSync('/proc/net/route', 'utf8')
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
    .filter((fields) => fields.length > 7 && fields[7] !== '00000000')
    .map((fields) => rangeOf(fromHex(fields[1]), fromHex(fields[7])));
  return [...addresses, ...routes];
}

function rangeOf(address, mask) {
  const first = (address & mask) >>> 0;
  return { first, last: (first | ~mask) >>> 0 };
}

function toNumber(address) {
  return address.split('.').reduce((sum, part) => ((sum << 8) | Number(part)) >>> 0, 0);
}

/** /proc/net/route writes addresses in the byte order of the machine: little-endian on x64 and arm64. */
function fromHex(text) {
  return Buffer.from(text, 'hex').readUInt32LE();
}
