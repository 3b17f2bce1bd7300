/**
 * The last error that an OCI runtime wrote to its `--log` file (`--log-format json`): one JSON object a line with level
 * and msg. Its standard error is the container's and cannot be used for that.
 */
import { readBounded } from '../../base/files.ts';

const maxLogBytes = 1024 * 1024;

export async function runtimeLogMessage(path: string): Promise<string> {
  const content = await readBounded(path, maxLogBytes);
  const lines = (content?.toString('utf8') ?? '').split('\n').filter((line) => line !== '');
  return lines.map(message).findLast((text) => text !== null) ?? 'the runtime failed and said nothing';
}

function message(line: string): string | null {
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry !== 'object' || entry === null || !('msg' in entry) || typeof entry.msg !== 'string')
      return null;
    const isError = !('level' in entry) || entry.level === 'error' || entry.level === 'fatal';
    return isError ? entry.msg : null;
  } catch {
    // A line that is no JSON is text for people.
    return line;
  }
}
