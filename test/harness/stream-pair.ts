/** How a client of port-forward opens one connection. */
import type { TestSpdyClient } from '../../src/server/streaming/spdy/test-client.ts';

/** The two streams of one forwarded connection. */
export async function openPair(
  client: TestSpdyClient,
  port: number | string,
  requestid: string,
): Promise<{ readonly error: number; readonly data: number }> {
  const error = await client.open({ streamtype: 'error', port: String(port), requestid });
  return { error, data: await client.open({ streamtype: 'data', port: String(port), requestid }) };
}
