/** placeholder */
import type { PortForward, RemoteCommand } from '../../runtime/sessions.ts';
import { refuse, type Visit } from './visit.ts';
export class WebSocketDoor {
  async serveCommand(visit: Visit, _command: RemoteCommand): Promise<void> {
    refuse(visit.socket, 400);
  }
  async servePortForward(visit: Visit, _forward: PortForward): Promise<void> {
    refuse(visit.socket, 400);
  }
}
