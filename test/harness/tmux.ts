/**
 * A terminal that a test drives: tmux with a server of its own, whose one window runs a program.
 */
import { runCommand } from '../../src/base/process.ts';
import { plainEnv, signalQuietly } from './machine.ts';
import { eventually } from './wait.ts';

const howItEnded = '#{?pane_dead_signal,signal #{pane_dead_signal},#{pane_dead_status}}';

export class Tmux implements AsyncDisposable {
  readonly #socket: string;

  private constructor(socket: string) {
    this.#socket = socket;
  }

  /** @param socket a path for its own use; @param size columns and rows */
  static async open(
    socket: string,
    argv: readonly string[],
    size: { readonly width: number; readonly height: number },
  ): Promise<Tmux> {
    const tmux = new Tmux(socket);
    const { width, height } = size;
    const window = ['new-session', '-d', '-x', String(width), '-y', String(height), '--', ...argv];
    // The window stays when its program has ended, so that its exit code can be asked for.
    await tmux.#run(
      '-f',
      '/dev/null',
      'start-server',
      ';',
      'set',
      '-g',
      'remain-on-exit',
      'on',
      ';',
      ...window,
    );
    return tmux;
  }

  /** Types a line. */
  async type(text: string): Promise<void> {
    await this.#run('send-keys', '-l', text);
    await this.press('Enter');
  }

  /** Presses keys by their names: `C-c`, `Enter`. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#run('send-keys', ...keys);
  }

  async resize(width: number, height: number): Promise<void> {
    await this.#run('resize-window', '-x', String(width), '-y', String(height));
  }

  /** What is on the screen. */
  async screen(): Promise<string> {
    return await this.#run('capture-pane', '-p');
  }

  /** Waits until the screen shows something. */
  async shows(what: RegExp): Promise<void> {
    let last = '';
    await eventually(`the terminal shows ${what}`, async () => {
      last = await this.screen();
      if (!what.test(last)) throw new Error(`it shows:\n${last}`);
      return true;
    });
  }

  /**
   * Waits for the end of the program. tmux 3.3 sees the terminal close before it hears how the program ended, and under load
   * it misses that signal now and then: it is told again until it has looked.
   * @returns the exit code, or `signal` with its number
   */
  async exit(): Promise<number | string> {
    const server = Number((await this.#run('display', '-p', '#{pid}')).trim());
    let end = '';
    await eventually('the program has ended', async () => {
      const state = await this.#run('display', '-p', `#{pane_dead}|${howItEnded}`);
      const [isDead, how = ''] = state.trim().split('|');
      if (isDead === '1' && how === '') signalQuietly(server, 'SIGCHLD');
      end = how;
      return end !== '';
    });
    return /^\d+$/.test(end) ? Number(end) : end;
  }

  /** Of the program. */
  async pid(): Promise<number> {
    return Number((await this.#run('display', '-p', '#{pane_pid}')).trim());
  }

  async close(): Promise<void> {
    await this.#run('kill-server');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #run(...args: readonly string[]): Promise<string> {
    const env = { ...plainEnv, TERM: 'xterm' };
    const argv = ['tmux', '-S', this.#socket, ...args] as const;
    const { exitCode, stdout, stderr } = await runCommand({ argv: [...argv], env, timeoutMs: 10_000 });
    if (exitCode !== 0) throw new Error(`tmux ${args.join(' ')}: ${stderr}`);
    return stdout.toString('utf8');
  }
}
