/**
 * Shows how far a pull, an import or an export is: on a terminal one bar for each layer, redrawn in place; elsewhere one
 * line when a layer begins and one when it is there.
 */
import type { Digest } from '../../base/ids.ts';
import type { LayerState, Observer, ProgressEvent } from '../../images/progress.ts';
import { printable } from '../table.ts';
import { drawBars, drawPart, type Layer, printBytes, shortDigest } from './progress-bars.ts';

export type View = Disposable & { readonly observe: Observer };

/** Where it goes: standard error, so that what is printed can be piped. */
export type Terminal = Pick<NodeJS.WriteStream, 'write'> & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

type ArchiveEvent = ProgressEvent & { readonly kind: 'archive' };
type LayersEvent = ProgressEvent & { readonly kind: 'layers' };

const redrawEveryMs = 100;
const archiveLineEveryMs = 5_000;

/** @param term the type of the terminal; one that is `dumb` moves no cursor */
export function viewFor(terminal: Terminal, term = process.env['TERM']): View {
  return terminal.isTTY === true && term !== 'dumb' ? new BarView(terminal) : new LineView(terminal);
}

class Layers {
  readonly all = new Map<Digest, Layer>();

  take(event: ProgressEvent): void {
    if (event.kind === 'layers') {
      this.all.clear();
      for (const { digest, sizeBytes, state } of event.layers)
        this.all.set(digest, { sizeBytes, state, receivedBytes: 0 });
    } else if (event.kind === 'bytes') {
      const layer = this.all.get(event.digest);
      if (layer !== undefined) layer.receivedBytes = event.receivedBytes;
    } else if (event.kind === 'state') {
      const layer = this.all.get(event.digest);
      if (layer !== undefined) layer.state = event.state;
    }
  }
}

/** `docker.io/library/app:1: 2 layers, 1 missing (2.5 MB)`. */
function outlineLine({ reference, layers }: LayersEvent): string {
  const missing = layers.filter(({ state }) => state === 'waiting');
  const bytes = missing.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return printable(
    `${reference}: ${layers.length} layers, ${missing.length} missing (${printBytes(bytes)})`,
    400,
  );
}

/** `read 1.2 MB of 2.4 MB`. */
function archiveLine({ what, doneBytes, totalBytes }: ArchiveEvent): string {
  return `${what} ${printBytes(doneBytes)}${totalBytes === null ? '' : ` of ${printBytes(totalBytes)}`}`;
}

class LineView implements View {
  readonly #terminal: Terminal;
  readonly #layers = new Layers();
  #archive: ArchiveEvent | null = null;
  #archiveSaidAtMs = performance.now();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  readonly observe: Observer = (event) => {
    this.#layers.take(event);
    if (event.kind === 'archive') this.#takeArchive(event);
    else if (event.kind === 'layers') {
      this.#endArchive();
      this.#say(outlineLine(event));
    } else if (event.kind === 'passed-over') this.#say(passedOver(event));
    else if (event.kind === 'left-out') this.#say(leftOut(event));
    else if (event.kind === 'state' && told.has(event.state)) {
      const { sizeBytes = 0 } = this.#layers.all.get(event.digest) ?? {};
      this.#say(`${shortDigest(event.digest)} ${event.state} ${printBytes(sizeBytes)}`);
    }
  };

  [Symbol.dispose](): void {
    this.#endArchive();
  }

  #takeArchive(event: ArchiveEvent): void {
    this.#archive = event;
    if (performance.now() - this.#archiveSaidAtMs < archiveLineEveryMs) return;
    this.#archiveSaidAtMs = performance.now();
    this.#say(archiveLine(event));
  }

  /** How much it was in the end. */
  #endArchive(): void {
    if (this.#archive !== null) this.#say(archiveLine(this.#archive));
    this.#archive = null;
  }

  #say(line: string): void {
    this.#terminal.write(`${line}\n`);
  }
}

const told: ReadonlySet<LayerState> = new Set(['present', 'shared', 'downloading', 'reading', 'unpacked']);

function passedOver({ host, why }: ProgressEvent & { readonly kind: 'passed-over' }): string {
  return printable(`${host}: passed over: ${why}`);
}

function leftOut({ digest }: ProgressEvent & { readonly kind: 'left-out' }): string {
  return `${digest}: left out: it has no name in the archive; take it with --name NAME --ref ${digest}`;
}

class BarView implements View {
  readonly #terminal: Terminal;
  readonly #layers = new Layers();
  readonly #timer: NodeJS.Timeout;
  #archive: ArchiveEvent | null = null;
  #drawnLines = 0;
  #isStale = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#timer = setInterval(() => this.#draw(), redrawEveryMs);
    this.#timer.unref();
  }

  readonly observe: Observer = (event) => {
    this.#isStale = true;
    if (event.kind === 'archive') this.#archive = event;
    if (event.kind === 'passed-over') this.#above(passedOver(event));
    if (event.kind === 'left-out') this.#above(leftOut(event));
    if (event.kind === 'layers') {
      // The bars of the image before it go, its line stays.
      const archive = this.#archive === null ? '' : `${archiveLine(this.#archive)}\n`;
      this.#archive = null;
      this.#above(`${archive}${outlineLine(event)}`);
    }
    this.#layers.take(event);
  };

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#draw();
  }

  #above(lines: string): void {
    this.#terminal.write(`${this.#erase()}${lines}\n`);
    this.#drawnLines = 0;
  }

  #draw(): void {
    if (!this.#isStale) return;
    this.#isStale = false;
    // A terminal that does not know its size says 0. Its last row is the cursor's: what has more lines would scroll.
    const width = this.#terminal.columns || 80;
    const maxRows = Math.max(1, (this.#terminal.rows || 24) - 1);
    const archive = this.#archive === null ? [] : [drawArchive(this.#archive)];
    const lines = [...archive, ...drawBars(this.#layers.all, maxRows - archive.length)];
    this.#terminal.write(`${this.#erase()}${lines.map((line) => `${line.slice(0, width - 1)}\n`).join('')}`);
    this.#drawnLines = lines.length;
  }

  /** Up to the first of our lines, and away with all of them. Source: ECMA-48, CUU and ED. */
  #erase(): string {
    return this.#drawnLines === 0 ? '' : `\u001B[${this.#drawnLines}A\u001B[J`;
  }
}

function drawArchive(event: ArchiveEvent): string {
  const { doneBytes, totalBytes } = event;
  const isKnown = totalBytes !== null && totalBytes > 0;
  return isKnown
    ? `${drawPart(Math.min(1, doneBytes / totalBytes))} ${archiveLine(event)}`
    : archiveLine(event);
}
