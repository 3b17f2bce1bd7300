/**
 * The conversation between the daemon and one monitor, on the monitor's control socket (unix, 0600, path not abstract).
 * This is the only file of the monitor that the daemon imports.
 *
 *   daemon                                   monitor
 *     │── {"id":1,"method":"hello",…} ─────────▶│   first request of every connection; versions are compared
 *     │◀─ {"id":1,"result":{…,containers}} ─────│   all containers with their exits: nothing is lost by a restart of ours
 *     │── {"id":2,"method":"create",…} ────────▶│   FIFOs or pty, log, `runtime create`, pid
 *     │◀─ {"id":2,"result":{"pid":4711,…}} ─────│   or {"id":2,"error":{"reason":"RuntimeFailed","message":"…"}}
 *     │◀─ {"event":"exit",…} ───────────────────│   after the exit record is on disk
 *     │◀─ {"event":"oom",…} ────────────────────│
 *     │── {"id":3,"method":"forget",…} ────────▶│   after RemoveContainer: records may go
 *
 * Framing: one JSON object a line, UTF-8, LF; a line is at most `maxLineBytes`. Requests may be answered in any order.
 * 64-bit numbers travel as decimal strings. A monitor serves several daemon connections (a new daemon may come before the
 * old one is quite gone); events go to all of them.
 *
 * What a daemon may hold open so that even the death of a monitor, and of containers before there is a successor, loses nothing
 * (all optional; close them when the container is removed):
 *   runDir/stdout, runDir/stderr   O_RDONLY | O_NONBLOCK, never read: a FIFO without any holder forgets what is in it
 *   runDir/stdin                   O_WRONLY | O_NONBLOCK: else the container reads an end of file when the monitor dies; to be
 *                                  closed at the event `stdin-closed`, which is when the FIFO is removed
 *   a pidfd of each container      where `exit.exitCode` is null (somebody else reaped it first), PIDFD_GET_INFO may still know
 *
 * Attach: a second kind of connection, on the container's attach socket (`attachSocketPath`); see `attachFrame` below.
 */

/** Raised when a message changes its meaning. A daemon works with monitors from `oldestProtocolVersion` on. */
export const protocolVersion = 1;
export const oldestProtocolVersion = 1;

export const maxLineBytes = 4 * 1024 * 1024;

export type HelloParams = { readonly version: number };
export type HelloResult = {
  readonly version: number;
  readonly pid: number;
  /** Of the monitor's build, for `cri-ts status`. */
  readonly build: string;
  readonly containers: readonly ContainerReport[];
};

/** What the monitor knows of one container. */
export type ContainerReport = {
  readonly containerId: string;
  readonly pid: number;
  /** Null while the process runs. */
  readonly exit: ExitRecord | null;
  /** The log: bytes taken from the container, and bytes that could not be written (disk full) and were dropped. */
  readonly loggedBytes: string;
  readonly droppedBytes: string;
};

/** How a container ended. Also the content of `exitFile`, as JSON. */
export type ExitRecord = {
  readonly containerId: string;
  /** 0..255; death by signal n is 128 + n. Null: nobody could find out (the reason is then `Unknown`). */
  readonly exitCode: number | null;
  /** Unix nanoseconds, decimal. */
  readonly finishedAtNs: string;
  /** A process of the container was killed by the kernel for lack of memory. */
  readonly isOomKilled: boolean;
};

/** An OCI runtime as the monitor runs it: `argv` is the program with its global options (`crun --root /run/…`). */
export type RuntimeCommand = {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  /** To be executed in the place of argv[0], if it is still there. Null or absent: there is none. */
  readonly sealed?: SealedCopy | null;
};

/** A copy of the program in memory that nobody can change any more. Source: memfd_create(2), F_ADD_SEALS(2const). */
export type SealedCopy = {
  /** `/proc/PID/fd/N` of the daemon. */
  readonly path: string;
  /** Decimal. Should the daemon have ended, and its number be another's: what is at `path` then has another one. */
  readonly inode: string;
};

/** The files of one container; all lie in its run directory (0700, tmpfs), which the daemon has made. */
export type ContainerFiles = {
  /** The OCI bundle (config.json). */
  readonly bundleDir: string;
  /** FIFOs `stdin`, `stdout`, `stderr`, `pid`, `exit`, `attach` (socket) and the like are made in here by the monitor. */
  readonly runDir: string;
  /** The CRI log, absolute; null: output is read and thrown away. */
  readonly logPath: string | null;
};

export type CreateParams = {
  readonly containerId: string;
  readonly runtime: RuntimeCommand;
  readonly files: ContainerFiles;
  /** A pty instead of FIFOs; all output is then `stdout`. */
  readonly isTerminal: boolean;
  readonly hasStdin: boolean;
  /** The first attach client that closes its stdin, or leaves, ends the container's stdin. */
  readonly isStdinOnce: boolean;
  /** Extra arguments of `create` (`--systemd-cgroup` stands in `runtime.argv`). */
  readonly createArgs: readonly string[];
  /** `runtime create` is killed after this time, with its children. */
  readonly timeoutMs: number;
  /** With a terminal: a socket on which the daemon takes a duplicate of the pty master (SCM_RIGHTS). */
  readonly masterMailbox: string | null;
  /** Who may open the FIFOs by name (/dev/stdout): root of a user namespace. Null or absent: root. */
  readonly stdioOwner?: Owner | null;
};
/** Ids of the host. */
export type Owner = { readonly uid: number; readonly gid: number };
export type CreateResult = {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat: with the pid it names the process for ever. Source: proc_pid_stat(5). */
  readonly startTimeTicks: string;
};

/** A container whose monitor has died: the successor opens its FIFOs (or takes the pty master) and goes on. */
export type AdoptParams = {
  readonly containerId: string;
  readonly pid: number;
  /** As `create` answered it: tells a reused pid. */
  readonly startTimeTicks: string;
  readonly files: ContainerFiles;
  readonly isTerminal: boolean;
  readonly hasStdin: boolean;
  readonly isStdinOnce: boolean;
  readonly masterMailbox: string | null;
  /**
   * As of wait(2), from the daemon's own pidfd (PIDFD_GET_INFO), when the process ended and was reaped by somebody else while it had
   * no monitor: then nobody but a holder of an old pidfd can know it. Null or absent: not known to the daemon.
   */
  readonly waitStatus?: number | null;
  /**
   * The container's memory cgroup as cgroupfs has it (`/kubepods/podX/ctr`), for its OOM counter: a process that has ended
   * does not say any more where it was. Null or absent: the process is asked.
   */
  readonly cgroupPath?: string | null;
};
export type AdoptResult = { readonly exit: ExitRecord | null };

export type ContainerParams = { readonly containerId: string };
export type ResizeParams = { readonly containerId: string; readonly width: number; readonly height: number };
export type Empty = Readonly<Record<string, never>>;

/** method → [params, result] */
export type Methods = {
  hello: [HelloParams, HelloResult];
  create: [CreateParams, CreateResult];
  adopt: [AdoptParams, AdoptResult];
  list: [Empty, { readonly containers: readonly ContainerReport[] }];
  /** Answers when the next line goes to a new file at the log path. On failure no file was created. */
  'reopen-log': [ContainerParams, Empty];
  resize: [ResizeParams, Empty];
  /** Ends the container's stdin. */
  'close-stdin': [ContainerParams, Empty];
  /** Ensures that all output of an ended container is in its log; answers at end of file or after a short bound. */
  'drain-log': [ContainerParams, Empty];
  /** Drops all that the monitor holds of a container that has ended; one that runs is refused (StillRunning). */
  forget: [ContainerParams, Empty];
  /** Take no new containers; end when the last one is forgotten. */
  retire: [Empty, Empty];
};
export type Method = keyof Methods;

export type Request<M extends Method = Method> = {
  readonly id: number;
  readonly method: M;
  readonly params: Methods[M][0];
};

/** Fixed words; the message is for people. */
export type FailureReason =
  | 'BadRequest'
  | 'VersionMismatch'
  | 'UnknownContainer'
  | 'AlreadyExists'
  | 'StillRunning'
  | 'RuntimeFailed'
  | 'RuntimeTimedOut'
  | 'LogFailed'
  | 'NotRunning'
  | 'Retiring'
  | 'Internal';
export type Failure = { readonly reason: FailureReason; readonly message: string };

export type Response =
  | { readonly id: number; readonly result: Methods[Method][1] }
  | { readonly id: number; readonly error: Failure };

export type MonitorEvent =
  | { readonly event: 'exit'; readonly exit: ExitRecord }
  | { readonly event: 'oom'; readonly containerId: string }
  /** The container's stdin has been ended: a daemon that holds its FIFO open for writing closes that now. */
  | { readonly event: 'stdin-closed'; readonly containerId: string }
  /** Log bytes dropped since the last such event, because the file could not be written. */
  | {
      readonly event: 'log-dropped';
      readonly containerId: string;
      readonly bytes: string;
      readonly message: string;
    };

/**
 * Attach frames, both directions: 1 byte channel, 4 bytes big-endian length, payload (at most 64 KiB).
 *   client → monitor: 0 stdin (length 0 = end of stdin)
 *                     3 claim (length 0): this client has stdin. With `isStdinOnce` its leaving ends the container's stdin
 *                       although it has sent none; a client that only looks on never does that. A stdin frame claims too.
 *   monitor → client: 1 stdout, 2 stderr; the monitor ends the connection when the container's output has ended
 * A client that does not read is dropped when `maxAttachBufferBytes` wait for it.
 */
export const attachChannel = { stdin: 0, stdout: 1, stderr: 2, claim: 3 } as const;
export const attachHeaderBytes = 5;
export const maxAttachPayloadBytes = 64 * 1024;
export const maxAttachBufferBytes = 1024 * 1024;
/** Of one container at a time; another is refused by an immediate end. */
export const maxAttachClients = 16;

/** Names of the files in `runDir`. */
export const runFile = {
  stdin: 'stdin',
  stdout: 'stdout',
  stderr: 'stderr',
  pid: 'pid',
  exit: 'exit.json',
  attach: 'attach',
  oomMark: 'oom-mark.json',
} as const;
