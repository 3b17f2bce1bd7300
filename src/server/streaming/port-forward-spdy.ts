/** placeholder */
import type { PortForward } from '../../runtime/sessions.ts';
import { refuse, type Visit } from './visit.ts';
export async function serveSpdyPortForward(visit: Visit, _forward: PortForward): Promise<void> {
  refuse(visit.socket, 400);
}
