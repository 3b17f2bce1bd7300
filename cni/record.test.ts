import { describe, expect, test } from '@jest/globals';
import { parseNetworkFile } from './config.ts';
import { ShapeError } from './json.ts';
import { fileNameOf, intentLine, keyOfFileName, newRecord, parseRecord, resultLine } from './record.ts';
import { parseResult } from './result.ts';

const { list } = parseNetworkFile(
  JSON.stringify({
    cniVersion: '1.0.0',
    name: 'net',
    plugins: [{ type: 'bridge', capabilities: { mac: true }, bridge: 'ü' }],
  }),
);
const record = newRecord({
  key: { containerId: 'c1', ifName: 'eth0', networkName: 'net' },
  network: { list, path: '/etc/cni/net.d/10.conflist' },
  version: '1.0.0',
  netnsPath: '/run/netns/c1',
  args: [['IgnoreUnknown', '1']],
  capabilityArgs: { mac: '02:00:00:00:00:01' },
});
const result = parseResult({ cniVersion: '1.0.0', ips: [{ address: '10.0.0.2/24' }] });
const intent = intentLine(record);
const partial = parseResult({ ips: [{ address: '10.0.0.3/24' }] });
const whole = intent + resultLine('result', result);

describe('a record', () => {
  test('is read as it was written, without and with its result', () => {
    expect(parseRecord(intent)).toEqual(record);
    expect(parseRecord(whole)).toEqual({ ...record, result });
    const inParts = intent + resultLine('partial', result) + resultLine('partial', partial);
    expect(parseRecord(inParts)).toEqual({ ...record, partial });
    expect(parseRecord(inParts + resultLine('result', result))).toEqual({ ...record, partial, result });
    expect(parseRecord(inParts.slice(0, -9))).toEqual({ ...record, partial: result });
    for (const line of whole.trimEnd().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
  });

  test('cut off anywhere is damaged, or lacks its result, and never something else', () => {
    for (let length = 0; length < whole.length - 1; length += 1) {
      const cut = whole.slice(0, length);
      if (length >= intent.length - 1) expect(parseRecord(cut)).toEqual(record);
      else expect(() => parseRecord(cut)).toThrow(ShapeError);
    }
  });

  test('with any character changed is never read as something else', () => {
    for (let at = 0; at < whole.length - 1; at += 1) {
      const changed = `${whole.slice(0, at)}${whole[at] === 'x' ? 'y' : 'x'}${whole.slice(at + 1)}`;
      if (at < intent.length - 1) expect(() => parseRecord(changed)).toThrow(ShapeError);
      else if (at >= intent.length) expect(parseRecord(changed)).toEqual(record);
    }
  });

  test('has a file name that says what it is of', () => {
    expect(keyOfFileName(fileNameOf(record))).toEqual({
      containerId: 'c1',
      ifName: 'eth0',
      networkName: 'net',
    });
    for (const name of ['quarantine', 'a.json', '.stdin.1.2', 'a@b.json', 'a@b@c@d.json', '@b@c.json'])
      expect(keyOfFileName(name)).toBeNull();
  });
});
