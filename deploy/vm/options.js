/**
 * The command line of `npm run test:vm`: our own options first; from the first other word on, everything is jest's.
 */
import { Failure } from '../console.js';

export const usage = `npm run test:vm -- [OPTION]... [JEST ARGUMENT]...
  --driver systemd|cgroupfs   the cgroup driver; may be repeated (default: one after the other)
  --lsm apparmor|selinux      the security module that is in force (default: apparmor)
  --enforcing                 SELinux refuses what its policy does not allow, instead of logging it
  --minutes N                 how long the machine may run (default: 60)
  --shell                     a shell on this terminal first`;

const choices = { '--driver': ['systemd', 'cgroupfs'], '--lsm': ['apparmor', 'selinux'] };

/** @throws Failure */
export function parseOptions(argv) {
  const options = { drivers: [], lsm: 'apparmor', isEnforcing: false, minutes: 60, isShell: false };
  const rest = [...argv];
  while (rest[0]?.startsWith('--') && takeOption(rest, options)) continue;
  if (rest.length === 0 && !options.isShell)
    throw new Failure(`say which tests are to be run, e.g. test/resources\n${usage}`);
  if (options.isEnforcing && options.lsm !== 'selinux')
    throw new Failure('--enforcing goes with --lsm selinux');
  if (options.drivers.length === 0 && rest.length > 0) options.drivers.push('systemd', 'cgroupfs');
  return { ...options, arguments: rest };
}

/** False: the first word is none of ours. */
function takeOption(rest, options) {
  switch (rest[0]) {
    case '--driver':
      options.drivers.push(takeValue(rest));
      return true;
    case '--lsm':
      options.lsm = takeValue(rest);
      return true;
    case '--minutes':
      options.minutes = Number(takeValue(rest));
      if (!(options.minutes > 0 && options.minutes <= 24 * 60))
        throw new Failure('--minutes: expected 1 to 1440');
      return true;
    case '--enforcing':
    case '--shell':
      options[rest.shift() === '--shell' ? 'isShell' : 'isEnforcing'] = true;
      return true;
    default:
      return false;
  }
}

function takeValue(rest) {
  const [name, value] = rest.splice(0, 2);
  const allowed = choices[name];
  if (value === undefined || (allowed !== undefined && !allowed.includes(value)))
    throw new Failure(`${name}: expected ${allowed?.join(' or ') ?? 'a number'}`);
  return value;
}
