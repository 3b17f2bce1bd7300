import { describe, expect, test } from '@jest/globals';
import { assert, json, property } from 'fast-check';
import { formatList, parseNetwork, parseNetworkFile } from './config.ts';
import { ShapeError } from './json.ts';

const plugin = { type: 'bridge' };

function list(changes: object): string {
  return JSON.stringify({ cniVersion: '1.0.0', name: 'net', plugins: [plugin], ...changes });
}

describe('a configuration', () => {
  test('is read with its capabilities, and loses the keys that only a runtime may set', () => {
    const bridge = {
      type: 'bridge',
      bridge: 'cni0',
      ipam: { type: 'host-local', subnet: '10.0.0.0/8' },
      capabilities: { portMappings: true, mac: false },
      runtimeConfig: { mac: 'x' },
      prevResult: {},
      name: 'other',
      cniVersion: '0.1.0',
      'cni.dev/valid-attachments': [],
      args: { labels: {} },
    };
    const { list: parsed, wantsFolder } = parseNetworkFile(
      list({ plugins: [bridge], disableCheck: 'true', disableGC: false }),
    );
    expect(wantsFolder).toBe(true);
    expect(parsed).toEqual({
      name: 'net',
      versions: ['1.0.0'],
      isCheckDisabled: true,
      isGcDisabled: false,
      plugins: [
        {
          type: 'bridge',
          ipamType: 'host-local',
          capabilities: ['portMappings'],
          raw: {
            type: 'bridge',
            bridge: 'cni0',
            ipam: { type: 'host-local', subnet: '10.0.0.0/8' },
            args: { labels: {} },
          },
        },
      ],
    });
  });

  test('of the old form is a list of one plugin', () => {
    const { list: parsed, wantsFolder } = parseNetworkFile(
      JSON.stringify({ cniVersion: '0.3.1', name: 'net', type: 'ptp', mtu: 1400 }),
    );
    expect(wantsFolder).toBe(false);
    expect(parsed.plugins).toEqual([
      { type: 'ptp', ipamType: null, capabilities: [], raw: { type: 'ptp', mtu: 1400 } },
    ]);
  });

  test('offers every version that it names and we speak, highest first', () => {
    const cniVersions = ['0.2.0', '0.4.0', '1.1.0', '9.9.9'];
    expect(parseNetworkFile(list({ cniVersions })).list.versions).toEqual(['1.1.0', '1.0.0', '0.4.0']);
  });

  test.each([
    ['not JSON', '{"name": '],
    ['no object', '[]'],
    ['no name', list({ name: undefined })],
    ['a name with a slash', list({ name: '../etc' })],
    ['a name that is too long', list({ name: 'n'.repeat(101) })],
    ['no version', list({ cniVersion: undefined })],
    ['a version that nobody speaks', list({ cniVersion: '0.2.0' })],
    ['a version that is a number', list({ cniVersion: 1 })],
    ['plugins that are no list', list({ plugins: {} })],
    ['a plugin without type', list({ plugins: [{}] })],
    ['a plugin in another directory', list({ plugins: [{ type: '../../bin/sh' }] })],
    ['a plugin that is a directory', list({ plugins: [{ type: '..' }] })],
    ['capabilities that are no flags', list({ plugins: [{ ...plugin, capabilities: { mac: 'yes' } }] })],
    ['a flag that is a number', list({ disableGC: 1 })],
    ['inlined plugins only, but none', list({ plugins: [], loadOnlyInlinedPlugins: true })],
    ['too many plugins', list({ plugins: Array.from({ length: 65 }, () => plugin) })],
  ])('with %s is refused with a sentence', (_what, text) => {
    expect(() => parseNetworkFile(text)).toThrow(ShapeError);
  });

  test('survives being kept in a record', () => {
    const { list: parsed } = parseNetworkFile(
      list({
        cniVersions: ['0.4.0'],
        disableCheck: true,
        plugins: [{ ...plugin, capabilities: { mac: true }, deep: [{ a: 1 }] }],
      }),
    );
    expect(parseNetwork(JSON.parse(JSON.stringify(formatList(parsed)))).list).toEqual(parsed);
  });

  test('of any JSON is read or refused, and never more', () => {
    assert(
      property(json(), (text) => {
        try {
          parseNetworkFile(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ShapeError);
        }
      }),
    );
  });
});
