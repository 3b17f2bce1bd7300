import { describe, expect, test } from '@jest/globals';
import { assert, json, property } from 'fast-check';
import { ShapeError } from './json.ts';
import { formatResult, parseResult, parseResultText, sandboxIps } from './result.ts';
import { knownVersions } from './versions.ts';

const old = {
  cniVersion: '0.3.1',
  interfaces: [
    { name: 'cni0', mac: 'aa:aa:aa:aa:aa:aa' },
    { name: 'eth0', mac: 'bb:bb:bb:bb:bb:bb', sandbox: '/run/netns/a' },
  ],
  ips: [
    { version: '4', address: '10.0.0.2/24', gateway: '10.0.0.1', interface: 1 },
    { version: '6', address: 'fd00::2/64', gateway: 'fd00::1', interface: 1 },
  ],
  routes: [{ dst: '0.0.0.0/0', gw: '10.0.0.1' }],
  dns: { nameservers: ['10.0.0.10'], search: ['a.b'] },
};
const newest = {
  cniVersion: '1.1.0',
  interfaces: [{ name: 'eth0', sandbox: '/n', mtu: 1400, socketPath: '/s', pciID: '0000:00:1f.6' }],
  ips: [{ address: '10.0.0.2/24', interface: 0 }],
  routes: [{ dst: '10.0.0.0/8', mtu: 1, advmss: 2, priority: 3, table: 4, scope: 253 }],
  dns: {},
};

describe('a result', () => {
  test('of an old version is written back in the form that each version wants', () => {
    const result = parseResult(old);
    expect(formatResult(result, '0.3.1')).toEqual(old);
    expect(formatResult(result, '1.0.0')).toEqual({
      ...old,
      cniVersion: '1.0.0',
      ips: old.ips.map(({ version: _version, ...rest }) => rest),
    });
  });

  test('of the newest version keeps its new fields', () => {
    expect(formatResult(parseResult(newest), '1.1.0')).toEqual(newest);
  });

  test.each(knownVersions)('read, written in %s and read again is the same', (version) => {
    const result = parseResult(newest);
    expect(parseResult(JSON.parse(JSON.stringify(formatResult(result, version))))).toEqual(result);
  });

  test('without a version and with nothing in it is an empty result', () => {
    expect(parseResultText('{}')).toEqual({
      interfaces: [],
      ips: [],
      routes: [],
      dns: { nameservers: [], domain: null, search: [], options: [] },
    });
  });

  test.each([
    ['0.2.0', { cniVersion: '0.2.0', ip4: { ip: '10.0.0.2/24' } }],
    ['no prefix', { ips: [{ address: '10.0.0.2' }] }],
    ['a prefix too long', { ips: [{ address: '10.0.0.2/33' }] }],
    ['a zone', { ips: [{ address: 'fe80::1%eth0/64' }] }],
    ['a name', { ips: [{ address: 'localhost/8' }] }],
    ['two slashes', { ips: [{ address: '10.0.0.2/24/1' }] }],
    ['a gateway that is none', { ips: [{ address: '10.0.0.2/24', gateway: 'x' }] }],
    ['a negative index', { ips: [{ address: '10.0.0.2/24', interface: -1 }] }],
    ['endless addresses', { ips: Array.from({ length: 2000 }, () => ({ address: '10.0.0.2/24' })) }],
    ['a route without target', { routes: [{ gw: '10.0.0.1' }] }],
    ['name servers that are numbers', { dns: { nameservers: [1] } }],
  ])('with %s is refused', (_what, value) => {
    expect(() => parseResult(value)).toThrow(ShapeError);
  });

  test('of any JSON is read or refused, and never more', () => {
    assert(
      property(json(), (text) => {
        try {
          parseResultText(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ShapeError);
        }
      }),
    );
  });
});

describe('the addresses of a sandbox', () => {
  const interfaces = [{ name: 'cni0' }, { name: 'eth0', sandbox: '/n' }, { name: 'net1', sandbox: '/n' }];

  test('are those of the interface that was asked for, in order, each once', () => {
    const ips = [
      { address: 'fd00::2/64', interface: 1 },
      { address: '10.9.0.1/24', interface: 0 },
      { address: '10.0.0.2/24', interface: 1 },
      { address: '10.0.0.2/24', interface: 1 },
      { address: '10.7.0.2/24', interface: 2 },
    ];
    const found = sandboxIps(parseResult({ interfaces, ips }), 'eth0');
    expect(found.map((ip) => ip.address)).toEqual(['fd00::2', '10.0.0.2']);
  });

  test('are all in the sandbox when the plugin named its interface otherwise', () => {
    const ips = [
      { address: '10.9.0.1/24', interface: 0 },
      { address: '10.7.0.2/24', interface: 2 },
    ];
    const found = sandboxIps(parseResult({ interfaces, ips }), 'eth5');
    expect(found.map((ip) => ip.address)).toEqual(['10.7.0.2']);
  });
});
