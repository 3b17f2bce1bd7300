/**
 * `npm start`: sets up what is missing, starts the daemon, runs the self-test through its socket, and keeps serving until
 * Ctrl-C. `npm start -- --once` ends after the self-test with its exit code. Runs on Node 20, without dependencies.
 */
import { existsSync, fstatSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bold, done, Failure, main, say, title } from './console.js';
import { runPackages } from './packages.js';
import { readOutput, runHere, startBeside } from './programs.js';
import { configFile, daemonBundle, ensureConfig, lockedNode, requireRoot, setUp } from './setup.js';

const logFile = '/var/log/cri-ts/daemon.log';
const startTimeoutMs = 60_000;

await main(async () => {
  const isOnce = process.argv.includes('--once');
  requireRoot('npm start');
  title('Setting up');
  await setUp(runPackages);
  await ensureConfig();
  const socket = await effectiveSocket();
  if (await answers(socket))
    throw new Failure(`another cri-ts daemon serves ${socket}: stop it first, or use it.`);
  done('everything is there');

  title('Starting the daemon');
  const daemon = await startDaemon(socket);
  title('One pod, as a kubelet would run it');
  const code = await runHere([lockedNode, daemonBundle, 'selftest']);
  if (isOnce) {
    daemon.kill('SIGTERM');
    await daemon.ended;
    return code;
  }
  showUsage(socket);
  return await daemon.ended;
});

async function effectiveSocket() {
  const config = await readOutput([lockedNode, daemonBundle, 'config']);
  const [, socket] = /^socket = "([^"]+)"/m.exec(config) ?? [];
  if (socket === undefined) throw new Failure(`${configFile} names no socket.`);
  return socket;
}

/** True when somebody accepts connections on a unix socket. */
function answers(socket) {
  if (!existsSync(socket)) return Promise.resolve(false);
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.once('error', () => resolve(false));
    connection.once('connect', () => {
      connection.destroy();
      resolve(true);
    });
  });
}

/** Resolves when the daemon answers on its socket. @throws Failure with the end of its log */
async function startDaemon(socket) {
  const startedAtMs = performance.now();
  mkdirSync(dirname(logFile), { recursive: true, mode: 0o750 });
  const log = openSync(logFile, 'a', 0o640);
  const logStart = fstatSync(log).size;
  const daemon = startBeside([lockedNode, '--max-semi-space-size=4', daemonBundle, 'serve'], log);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => daemon.kill('SIGTERM'));
  for (;;) {
    if (await answers(socket)) {
      done(`pid ${daemon.pid}, socket ${socket}, log ${logFile}`, startedAtMs);
      return daemon;
    }
    const isLate = performance.now() - startedAtMs > startTimeoutMs;
    if (daemon.hasEnded || isLate) {
      daemon.kill('SIGTERM');
      const end = isLate ? 'did not serve its socket in time' : 'ended';
      const lines = readFileSync(logFile).subarray(logStart).toString().trim().split('\n');
      throw new Failure(`the daemon ${end}; its log says:\n${lines.slice(-10).join('\n')}`);
    }
    await sleep(10);
  }
}

function showUsage(socket) {
  title('Serving');
  say(`  kubelet   ${bold(`--container-runtime-endpoint=unix://${socket}`)}`);
  say(`  crictl    ${bold(`crictl --runtime-endpoint unix://${socket} ps`)}`);
  say(`  status    ${bold(`${lockedNode} ${daemonBundle} status`)}`);
  say(`  config    ${configFile}, docs/configuration.md; SIGHUP reloads it`);
  say(`\n  Ctrl-C stops the daemon; containers go on without it and are found again.`);
}
