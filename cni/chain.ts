/**
 * The operations over a list of plugins: which order, which input, what a failure means. Source: CNI SPEC 1.1, section 3.
 *
 *   ADD     first → last, each gets the result of the one before          stops at the first failure
 *   DEL     last → first, each gets the final result of ADD (0.4.0 on)    stops at the first failure
 *           (of an ADD that failed: the last result there was, by which firewalls know the addresses)
 *   CHECK   first → last, each gets the final result of ADD               stops at the first failure
 *   STATUS  first → last                                                  stops at the first failure
 *   GC      first → last                                                  all run, failures are collected
 *
 * DEL stops too, though the rest might be cleaned: an address must not be given back while rules still point to it.
 */
import type { NetworkList, PluginConfig } from './config.ts';
import type { Deadline } from './deadline.ts';
import { CniError, cniError } from './errors.ts';
import { findPlugin, VersionMemory, type FoundPlugin } from './find.ts';
import { garbage, invoke, type AttachmentEnv, type Command, type PluginHost } from './invoke.ts';
import type { JsonObject } from './json.ts';
import type { AttachmentRecord } from './record.ts';
import { formatArguments } from './request.ts';
import { formatResult, parseResultText, type CniResult } from './result.ts';
import { chooseVersion, hasCheck, hasStatusAndGc, parseVersionAnswer, type CniVersion } from './versions.ts';

export type ValidAttachment = { readonly containerId: string; readonly ifName: string };

type Step = { readonly config: PluginConfig; readonly found: FoundPlugin };

export class Chain {
  readonly #host: PluginHost;
  readonly #memory = new VersionMemory();

  constructor(host: PluginHost) {
    this.#host = host;
  }

  /**
   * The version to speak: the list's highest, or, where it offers several, the highest that all its plugins support.
   * Runs nothing where there is no choice.
   * @throws PluginMissing, VersionUnsupported, and what VERSION fails with
   */
  async negotiate(list: NetworkList, deadline: Deadline): Promise<CniVersion> {
    const [highest, ...others] = list.versions;
    if (highest !== undefined && others.length === 0) return highest;
    const steps = await this.#steps(list);
    const supported = await Promise.all(
      (await this.#withDelegates(steps)).map((plugin) => this.#versionsOf(plugin, deadline)),
    );
    const chosen = chooseVersion(list.versions, supported);
    if (chosen !== null) return chosen;
    const offered = list.versions.join(', ');
    throw cniError(
      'VersionUnsupported',
      `network "${list.name}": no version of ${offered} is supported by all its plugins`,
    );
  }

  /**
   * `onPartial` is told the result of each plugin but the last, before the next one runs.
   * @throws the first failing plugin's CniError; what was done stays until DEL
   */
  async add(
    record: AttachmentRecord,
    deadline: Deadline,
    onPartial: (result: CniResult) => Promise<void>,
  ): Promise<CniResult> {
    let result: CniResult | null = null;
    for (const step of await this.#steps(record.list)) {
      if (result !== null) await onPartial(result);
      const previous = result === null ? {} : { prevResult: formatResult(result, record.version) };
      const config = { ...attachmentConfig(step.config, record), ...previous };
      const stdout = await this.#run('ADD', step, { attachment: environmentOf(record), config, deadline });
      result = parseAnswer(stdout, step.found);
    }
    if (result === null) throw cniError('NotReady', `network "${record.networkName}" has no plugins`);
    return result;
  }

  /** `netnsPath` empty: the namespace is gone. @throws the first failing plugin's CniError */
  async delete(record: AttachmentRecord, netnsPath: string, deadline: Deadline): Promise<void> {
    const attachment = { ...environmentOf(record), netnsPath };
    const previous = hasCheck(record.version) ? previousResult(record) : {};
    for (const step of (await this.#steps(record.list)).toReversed()) {
      const config = { ...attachmentConfig(step.config, record), ...previous };
      await this.#run('DEL', step, { attachment, config, deadline });
    }
  }

  /** @throws VersionUnsupported before 0.4.0, and the first failing plugin's CniError */
  async check(record: AttachmentRecord, deadline: Deadline): Promise<void> {
    if (!hasCheck(record.version))
      throw cniError('VersionUnsupported', `check: version ${record.version} has no CHECK`);
    if (record.list.isCheckDisabled) return;
    const attachment = environmentOf(record);
    for (const step of await this.#steps(record.list)) {
      const config = { ...attachmentConfig(step.config, record), ...previousResult(record) };
      await this.#run('CHECK', step, { attachment, config, deadline });
    }
  }

  /** Before 1.1.0 it only looks whether the plugins are there. @throws the first failing plugin's CniError (code 50 or 51 by the specification) */
  async status(list: NetworkList, deadline: Deadline): Promise<void> {
    const version = await this.negotiate(list, deadline);
    const steps = await this.#steps(list);
    if (!hasStatusAndGc(version)) return;
    for (const step of steps) {
      const config = baseConfig(step.config, list.name, version);
      await this.#run('STATUS', step, { attachment: null, config, deadline });
    }
  }

  /** Does nothing before 1.1.0 or where the list forbids it. @returns the failures; all plugins are run */
  async collect(
    list: NetworkList,
    valid: readonly ValidAttachment[],
    deadline: Deadline,
  ): Promise<readonly CniError[]> {
    const version = await this.negotiate(list, deadline);
    if (!hasStatusAndGc(version) || list.isGcDisabled) return [];
    const attachments = valid.map((one) => ({ containerID: one.containerId, ifname: one.ifName }));
    const failures: CniError[] = [];
    for (const step of await this.#steps(list)) {
      const config = {
        ...baseConfig(step.config, list.name, version),
        'cni.dev/valid-attachments': attachments,
      };
      try {
        await this.#run('GC', step, { attachment: null, config, deadline });
      } catch (error) {
        if (!(error instanceof CniError)) throw error;
        failures.push(error);
      }
    }
    return failures;
  }

  async #run(
    command: Command,
    step: Step,
    what: { attachment: AttachmentEnv | null; config: JsonObject; deadline: Deadline },
  ): Promise<string> {
    return await invoke(this.#host, { command, plugin: step.found, ...what });
  }

  async #steps(list: NetworkList): Promise<readonly Step[]> {
    return await Promise.all(
      list.plugins.map(async (config) => ({
        config,
        found: await findPlugin(config.type, this.#host.pluginDirs),
      })),
    );
  }

  /** Address management gets the same version as the plugin that calls it, so it has a say in the choice. */
  async #withDelegates(steps: readonly Step[]): Promise<readonly FoundPlugin[]> {
    const delegates = steps.map((step) => step.config.ipamType).filter((type) => type !== null);
    const found = await Promise.all(
      delegates.map(async (type) => await findPlugin(type, this.#host.pluginDirs)),
    );
    return [...steps.map((step) => step.found), ...found];
  }

  async #versionsOf(plugin: FoundPlugin, deadline: Deadline): Promise<readonly string[]> {
    const known = this.#memory.get(plugin);
    if (known !== null) return known;
    // Plugins built against old libraries want these variables even for VERSION.
    const attachment = { containerId: 'dummy', netnsPath: 'dummy', ifName: 'dummy', args: '' };
    const config = { cniVersion: '1.1.0' };
    const stdout = await invoke(this.#host, { command: 'VERSION', plugin, attachment, config, deadline });
    try {
      const versions = parseVersionAnswer(stdout);
      this.#memory.set(plugin, versions);
      return versions;
    } catch (error) {
      throw garbage(plugin, error);
    }
  }
}

function parseAnswer(stdout: string, plugin: FoundPlugin): CniResult {
  try {
    return parseResultText(stdout);
  } catch (error) {
    throw garbage(plugin, error);
  }
}

function environmentOf(record: AttachmentRecord): AttachmentEnv {
  const { containerId, netnsPath, ifName } = record;
  return { containerId, netnsPath, ifName, args: formatArguments(record.args) };
}

function previousResult(record: AttachmentRecord): JsonObject {
  const result = record.result ?? record.partial;
  return result === null ? {} : { prevResult: formatResult(result, record.version) };
}

function baseConfig(plugin: PluginConfig, name: string, version: CniVersion): JsonObject {
  return { ...plugin.raw, cniVersion: version, name };
}

/** Source: CNI SPEC 1.1, section 3, "Deriving request configuration from plugin configuration". */
function attachmentConfig(plugin: PluginConfig, record: AttachmentRecord): JsonObject {
  const wanted = Object.entries(record.capabilityArgs).filter(([key]) => plugin.capabilities.includes(key));
  const runtimeConfig = wanted.length === 0 ? {} : { runtimeConfig: Object.fromEntries(wanted) };
  return { ...baseConfig(plugin, record.networkName, record.version), ...runtimeConfig };
}
