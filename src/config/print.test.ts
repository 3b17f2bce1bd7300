import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'smol-toml';
import { layerOfTable, listOptions } from './layer.ts';
import { compileConfig } from './loader.ts';
import { flagOf, variableOf } from './option.ts';
import { printEffective, printReference, printTemplate } from './print.ts';

describe('the table of options', () => {
  test('has no two options with the same variable or flag', () => {
    const names = listOptions().flatMap(({ section, option }) => [
      flagOf(section, option.key),
      variableOf(section, option.key),
    ]);
    expect(new Set(names).size).toBe(names.length);
  });

  test('has only defaults that its own kinds accept and print back', () => {
    for (const { section, option } of listOptions()) {
      const parsed = option.kind.parse(option.kind.toPlain(option.default));
      expect({ at: `${section}.${option.key}`, ...parsed }).toMatchObject({
        isValid: true,
        value: option.default,
      });
    }
  });

  test('says with a unit in the name what a number counts', () => {
    const unitless = listOptions()
      .filter(({ option }) => typeof option.default === 'number' || typeof option.default === 'bigint')
      .filter(({ property }) => !/(?:Ms|Bytes|Categories|Pods|Pids|Downloads|Entries|port)$/.test(property));
    expect(unitless).toEqual([]);
  });
});

describe('printing the configuration', () => {
  test('makes a template that is the default configuration, commented or not', () => {
    const template = printTemplate();
    const uncommented = template.replaceAll(/^# (?=[a-z_]+ = )/gm, '');
    for (const text of [template, uncommented]) {
      const { settings, faults } = layerOfTable('template', parse(text));
      expect(faults).toEqual([]);
      expect(compileConfig(settings)).toEqual(compileConfig(new Map()));
    }
    expect(Object.keys(parse(uncommented))).toHaveLength(10);
  });

  test('prints an effective configuration that reads back as the same, with the source of each value', () => {
    const { settings } = layerOfTable('/etc/x.toml', {
      security: { default_ulimits: ['nofile=1024:-1'], default_sysctls: ['net.ipv4.ping_group_range=0 0'] },
      limits: { exec_output: '1MiB' },
      runtimes: { kata: { args: ['--debug', 'a "quoted" \\ word'] } },
    });
    const config = compileConfig(settings);
    const text = printEffective(config, settings);
    expect(compileConfig(layerOfTable('again', parse(text)).settings)).toEqual(config);
    expect(text).toMatch(/^exec_output = "1MiB" +# \/etc\/x\.toml$/m);
    expect(text).toMatch(/^log_level = "info" +# default$/m);
  });

  test('docs/configuration.md is up to date (npm run docs)', async () => {
    const path = join(import.meta.dirname, '../../docs/configuration.md');
    expect(await readFile(path, 'utf8')).toBe(printReference());
  });
});
