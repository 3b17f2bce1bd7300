// The small pure parts: tickets, negotiation, status, sizes.
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { TerminalSizes } from '../../runtime/sessions/sessions.ts';
import { statusJson, statusText } from './exit-status.ts';
import {
  choose,
  listOf,
  spdyCommandProtocols,
  transportOf,
  webSocketCommandProtocols,
} from './negotiation.ts';
import { SizeReader } from './resize-channel.ts';
import { Tickets } from './tickets.ts';

describe('tickets', () => {
  test('are taken once', () => {
    using tickets = new Tickets<string>();
    const token = tickets.issue('a');
    expect(token).toMatch(/^[\w-]{24}$/);
    expect([tickets.take('nonsense'), tickets.take(token), tickets.take(token)]).toEqual([null, 'a', null]);
  });

  test('are at most 1000 at a time', () => {
    using tickets = new Tickets<number>();
    const tokens = Array.from({ length: 1000 }, (_, index) => tickets.issue(index));
    expect(new Set(tokens).size).toBe(1000);
    expect(() => tickets.issue(1000)).toThrow(
      expect.objectContaining({ code: 'exhausted', reason: 'TooManyTickets' }),
    );
    tickets.take(tokens[0] ?? '');
    expect(tickets.issue(1001)).toMatch(/./);
  });
});

describe('negotiation', () => {
  test('takes the first protocol of the client that we speak', () => {
    const kubectl =
      'v5.channel.k8s.io, v4.channel.k8s.io,v3.channel.k8s.io, v2.channel.k8s.io, channel.k8s.io';
    expect(choose(listOf(kubectl), spdyCommandProtocols)?.name).toBe('v4.channel.k8s.io');
    expect(choose(listOf(['channel.k8s.io', 'v2.channel.k8s.io']), spdyCommandProtocols)?.name).toBe(
      'channel.k8s.io',
    );
    expect(choose(listOf(kubectl), webSocketCommandProtocols)?.name).toBe('v5.channel.k8s.io');
    expect(choose(['v9.channel.k8s.io'], spdyCommandProtocols)).toBeNull();
    expect([listOf(undefined), listOf(' , '), listOf([' a,b', 'c'])]).toEqual([[], [], ['a', 'b', 'c']]);
  });

  test('knows an upgrade by both headers, in any case', () => {
    expect(transportOf({ connection: 'Upgrade', upgrade: 'SPDY/3.1' })).toBe('spdy');
    expect(transportOf({ connection: 'keep-alive, upgrade', upgrade: 'spdy/3.1' })).toBe('spdy');
    expect(transportOf({ connection: 'Upgrade', upgrade: 'WebSocket' })).toBe('websocket');
    expect(transportOf({ upgrade: 'SPDY/3.1' })).toBeNull();
    expect(transportOf({ connection: 'upgrade', upgrade: 'h2c' })).toBeNull();
  });
});

describe('the status', () => {
  test('is JSON with the exit code', () => {
    const json = (exitCode: number): unknown =>
      JSON.parse(statusJson({ kind: 'exited', exitCode }).toString());
    expect(json(0)).toEqual({ metadata: {}, status: 'Success' });
    expect(json(3)).toEqual({
      metadata: {},
      status: 'Failure',
      message: expect.stringMatching(/^command terminated with non-zero exit code/),
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '3' }] },
    });
    expect(JSON.parse(statusJson({ kind: 'failed', message: 'no "x"' }).toString())).toMatchObject({
      status: 'Failure',
      reason: 'InternalError',
      code: 500,
      message: 'Internal error occurred: error executing command in container: no "x"',
    });
  });

  test('of old protocols is text, and nothing on success', () => {
    expect(statusText({ kind: 'exited', exitCode: 0 }).toString()).toBe('');
    expect(statusText({ kind: 'exited', exitCode: 7 }).toString()).toMatch(/exit code 7$/);
  });
});

describe('terminal sizes', () => {
  test('are read in any pieces', () => {
    const text = '{"Width":80,"Height":24}{"Width":100,"Height":30}\n{"width":1,"height":2}';
    fc.assert(
      fc.property(fc.integer({ min: 1, max: text.length }), (length) => {
        const reader = new SizeReader();
        const sizes = [];
        for (let at = 0; at < text.length; at += length)
          sizes.push(reader.read(Buffer.from(text.slice(at, at + length))));
        expect(sizes.filter((size) => size !== null).at(-1)).toEqual({ width: 1, height: 2 });
      }),
    );
  });

  test('that are none end the channel and nothing else', () => {
    for (const text of ['{"Width":-1}', '{"Width":1e9}', '[]}', '{"Width":"80"}', 'x'.repeat(300)]) {
      const reader = new SizeReader();
      expect([reader.read(Buffer.from(text)), reader.read(Buffer.from('{"Width":1,"Height":1}'))]).toEqual([
        null,
        null,
      ]);
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        new SizeReader().read(Buffer.from(text));
      }),
    );
  });

  test('are applied one at a time, the latest one last, however many come', async () => {
    const sizes = new TerminalSizes();
    const applied: number[] = [];
    let running = 0;
    const settled = Promise.withResolvers<void>();
    sizes.offer({ width: 1, height: 1 });
    sizes.follow(async ({ width }) => {
      running += 1;
      expect(running).toBe(1);
      await new Promise(setImmediate);
      applied.push(width);
      running -= 1;
      if (width === 10_000) settled.resolve();
    });
    for (let width = 2; width <= 10_000; width += 1) sizes.offer({ width, height: 1 });
    await settled.promise;
    expect(applied).toEqual([1, 10_000]);
    sizes.stop();
    sizes.offer({ width: 5, height: 5 });
    await new Promise(setImmediate);
    expect(applied).toEqual([1, 10_000]);
  });
});
