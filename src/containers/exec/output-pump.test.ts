import { describe, expect, test } from '@jest/globals';
import { writeSync } from 'node:fs';
import { PassThrough, Writable } from 'node:stream';
import { ThreadedKernel } from '../../kernel/threaded-kernel.ts';
import { PiecesOfFd, PiecesOfStream } from '../../runtime/sessions/pieces.ts';
import { OutputPump } from './output-pump.ts';

/** A client that takes one piece at a time, when it is told to. */
class SlowSink extends Writable {
  readonly taken: Buffer[] = [];
  #next: (() => void) | null = null;

  constructor() {
    super({ highWaterMark: 1 });
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.taken.push(chunk);
    this.#next = done;
  }

  takeNext(): void {
    const next = this.#next;
    this.#next = null;
    next?.();
  }

  get lengthBytes(): number {
    return this.taken.reduce((sum, chunk) => sum + chunk.length, 0);
  }
}

describe('the output pump', () => {
  test('carries all to a client that is slow, and ends then', async () => {
    const [source, sink] = [new PassThrough(), new SlowSink()];
    const pump = new OutputPump(new PiecesOfStream(source), sink);
    for (let count = 0; count < 20; count += 1) source.write(Buffer.alloc(1000));
    source.end();
    const done = pump.finish();
    const timer = setInterval(() => sink.takeNext(), 10);
    await done;
    while (sink.writableLength > 0) await new Promise(setImmediate);
    clearInterval(timer);
    expect([sink.lengthBytes, source.destroyed]).toEqual([20_000, true]);
  });

  test('does not read on when the client does not', async () => {
    const [source, sink] = [new PassThrough({ highWaterMark: 1000 }), new SlowSink()];
    const pump = new OutputPump(new PiecesOfStream(source), sink);
    let sent = 0;
    while (source.write(Buffer.alloc(100)) && sent < 1000) {
      sent += 1;
      await new Promise(setImmediate);
    }
    expect(sent).toBeLessThan(50);
    pump.stop();
  });

  test('ends soon after the process although somebody holds the output open', async () => {
    const [source, sink] = [new PassThrough(), new PassThrough()];
    const pump = new OutputPump(new PiecesOfStream(source), sink);
    source.write('all there is');
    await pump.finish();
    expect([String(sink.read()), source.destroyed]).toEqual(['all there is', true]);
  });

  test('loses nothing that is there when the loop was held up for longer than it waits', async () => {
    const kernel = new ThreadedKernel();
    const { read, write } = kernel.pipe();
    const sink = new PassThrough();
    const pump = new OutputPump(new PiecesOfFd(read, false), sink);
    // Behind this timers come next, and descriptors after them.
    await new Promise(setImmediate);
    writeSync(write.number, 'the last words');
    const done = pump.finish();
    for (const endMs = performance.now() + 300; performance.now() < endMs;);
    await done;
    write.close();
    await kernel.close();
    expect(String(sink.read())).toBe('the last words');
  });

  test('ends although somebody goes on writing', async () => {
    const [source, sink] = [new PassThrough(), new PassThrough()];
    sink.resume();
    const pump = new OutputPump(new PiecesOfStream(source), sink);
    const timer = setInterval(() => source.write(Buffer.alloc(64 * 1024)), 1);
    await pump.finish();
    clearInterval(timer);
    expect(source.destroyed).toBe(true);
  });

  test('stops when the client has gone', async () => {
    const [source, sink] = [new PassThrough(), new PassThrough()];
    const pump = new OutputPump(new PiecesOfStream(source), sink);
    sink.destroy();
    await pump.finish();
    expect(source.destroyed).toBe(true);
  });
});
