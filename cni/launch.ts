/**
 * How the library starts a plugin, so that a caller with a better way than node:child_process can bring it. Types only.
 */
import type { Readable } from 'node:stream';

export type Plugin = {
  /** The program, absolute. */
  readonly path: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** All of its standard input. */
  readonly stdin: string;
};

export type PluginEnd = { readonly exitCode: number | null; /** `SIGKILL` */ readonly signal: string | null };

/** A plugin that runs. */
export type Launched = {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles when the process itself has ended, whoever still holds its pipes; never rejects. */
  readonly ended: Promise<PluginEnd>;
  /** Kills it with all that stayed in its process group; nothing happens once it has ended. */
  readonly kill: () => void;
  /** Gives back our ends of the pipes; called once, at the very end. */
  readonly close: () => void;
};

/**
 * Starts a plugin in `/` and in a process group of its own. Standard input is a file or a pipe and never a socket: plugins
 * written in shell open `/dev/stdin`, which a socket refuses.
 * @throws an error whose `code` is the errno when it cannot be started (ETXTBSY is tried again)
 */
export type Launch = (plugin: Plugin) => Promise<Launched>;
