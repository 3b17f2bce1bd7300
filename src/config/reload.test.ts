import { describe, expect, test } from '@jest/globals';
import { layerOfTable } from './layer.ts';
import { compileConfig, type LoadedConfig } from './loader.ts';
import { planReload } from './reload.ts';

function loaded(table: Readonly<Record<string, unknown>>): LoadedConfig {
  const { settings, faults } = layerOfTable('file', table);
  expect(faults).toEqual([]);
  return { config: compileConfig(settings), settings };
}

describe('reloading the configuration', () => {
  test('applies reloadable options and keeps and names the others', () => {
    const plan = planReload(
      loaded({ daemon: { log_level: 'info' }, cni: { network: 'one' }, images: { pinned: ['a'] } }),
      loaded({ daemon: { log_level: 'debug' }, cni: { network: 'two', conf_dir: '/x' } }),
    );
    expect({ changed: plan.changed, needsRestart: plan.needsRestart }).toEqual({
      changed: ['daemon.log_level', 'images.pinned'],
      needsRestart: ['cni.conf_dir', 'cni.network'],
    });
    expect(plan.config).toMatchObject({
      daemon: { logLevel: 'debug' },
      cni: { network: 'one', confDir: '/etc/cni/net.d' },
      images: { pinned: [] },
    });
  });

  test('finds nothing to do when a value is written differently or a default is spelled out', () => {
    const plan = planReload(
      loaded({ cni: { add_timeout: '60s' } }),
      loaded({ cni: { add_timeout: '1m' }, daemon: { log_level: 'info' }, runtime: { init_path: '' } }),
    );
    expect([plan.changed, plan.needsRestart]).toEqual([[], []]);
  });

  test('keeps the set of runtimes until a restart', () => {
    const plan = planReload(
      loaded({ runtimes: { kata: {} } }),
      loaded({ runtimes: { gvisor: { path: '/x' } } }),
    );
    expect(plan.needsRestart).toEqual(['runtimes.gvisor', 'runtimes.gvisor.path', 'runtimes.kata']);
    expect([...plan.config.runtimes.keys()]).toEqual(['crun', 'runc', 'kata']);
  });

  test('compares again with the options in use after a restart was postponed', () => {
    const first = planReload(loaded({ cni: { network: 'one' } }), loaded({ cni: { network: 'two' } }));
    expect(planReload(first, loaded({ cni: { network: 'one' } })).needsRestart).toEqual([]);
    expect(planReload(first, loaded({ cni: { network: 'two' } })).needsRestart).toEqual(['cni.network']);
  });
});
