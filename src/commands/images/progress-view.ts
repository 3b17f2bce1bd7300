/**
 * Shows how far a pull or an import is: on a terminal one bar for each layer, redrawn in place; elsewhere one line when a
 * layer begins and one when it is there.
 */
import type { Digest } from '../../base/ids.ts';
import type { LayerState, Observer, ProgressEvent } from '../../images/progress.ts';
import { printable } from '../table.ts';

export type View = Disposable & { readonly observe: Observer };

/** Where it goes: standard error, so that what is printed can be piped. */
export type Terminal = Pick<NodeJS.WriteStream, 'write'> & {
  readonly isTTY?: boolean;
  readonly columns?: number;
};

type Layer = { readonly sizeBytes: number; state: LayerState; receivedBytes: number };

const redrawEveryMs = 100;
const barWidth = 30;
/** A terminal of fewer lines would scroll; an image of more layers shows the last ones. */
const maxBars = 20;

export function viewFor(terminal: Terminal): View {
  return terminal.isTTY === true ? new BarView(terminal) : new LineView(terminal);
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

class LineView implements View {
  readonly #terminal: Terminal;
  readonly #layers = new Layers();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  readonly observe: Observer = (event) => {
    this.#layers.take(event);
    if (event.kind === 'layers') {
      const missing = event.layers.filter(({ state }) => state === 'waiting');
      const bytes = missing.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      this.#say(
        `${event.reference}: ${event.layers.length} layers, ${missing.length} missing (${printBytes(bytes)})`,
      );
    } else if (event.kind === 'passed-over') this.#say(printable(`${event.host}: passed over: ${event.why}`));
    else if (event.kind === 'state' && told.has(event.state)) {
      const { sizeBytes = 0 } = this.#layers.all.get(event.digest) ?? {};
      this.#say(`${short(event.digest)} ${event.state} ${printBytes(sizeBytes)}`);
    }
  };

  [Symbol.dispose](): void {
    // Each line was whole.
  }

  #say(line: string): void {
    this.#terminal.write(`${line}\n`);
  }
}

const told: ReadonlySet<LayerState> = new Set(['present', 'shared', 'downloading', 'unpacked']);

class BarView implements View {
  readonly #terminal: Terminal;
  readonly #layers = new Layers();
  readonly #timer: NodeJS.Timeout;
  #drawnLines = 0;
  #isStale = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#timer = setInterval(() => this.#draw(), redrawEveryMs);
    this.#timer.unref();
  }

  readonly observe: Observer = (event) => {
    this.#layers.take(event);
    this.#isStale = true;
    if (event.kind === 'passed-over') this.#above(printable(`${event.host}: passed over: ${event.why}`));
  };

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#draw();
  }

  #above(line: string): void {
    this.#terminal.write(`${this.#erase()}${line}\n`);
    this.#drawnLines = 0;
  }

  #draw(): void {
    if (!this.#isStale) return;
    this.#isStale = false;
    // A terminal that does not know its width says 0.
    const width = this.#terminal.columns || 80;
    const bars = [...this.#layers.all].slice(-maxBars).map(([digest, layer]) => drawBar(digest, layer));
    this.#terminal.write(`${this.#erase()}${bars.map((bar) => `${bar.slice(0, width - 1)}\n`).join('')}`);
    this.#drawnLines = bars.length;
  }

  /** Up to the first of our lines, and away with all of them. Source: ECMA-48, CUU and ED. */
  #erase(): string {
    return this.#drawnLines === 0 ? '' : `\u001B[${this.#drawnLines}A\u001B[J`;
  }
}

/** `3a4c1b2f90aa [##########--------------------]  33% of 12.0 MB downloading`. */
export function drawBar(digest: Digest, layer: Readonly<Layer>): string {
  const isThere = layer.state === 'present' || layer.state === 'unpacked' || layer.state === 'downloaded';
  const part = isThere || layer.sizeBytes === 0 ? 1 : Math.min(1, layer.receivedBytes / layer.sizeBytes);
  const done = layer.state === 'waiting' ? 0 : part;
  const filled = Math.round(done * barWidth);
  const bar = `${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}`;
  const percent = `${Math.floor(done * 100)}`.padStart(3);
  return `${short(digest)} [${bar}] ${percent}% of ${printBytes(layer.sizeBytes)} ${layer.state}`;
}

/** In decimal units, as registries and disks are sold. */
export function printBytes(bytes: number | bigint): string {
  let value = Number(bytes);
  for (const unit of ['B', 'kB', 'MB', 'GB']) {
    if (value < 1000) return unit === 'B' ? `${value} B` : `${value.toFixed(1)} ${unit}`;
    value /= 1000;
  }
  return `${value.toFixed(1)} TB`;
}

function short(digest: Digest): string {
  return digest.slice(digest.indexOf(':') + 1).slice(0, 12);
}
