/**
 * The end of one of our small HTTP servers: no new connections, and those that there are are cut.
 */
import type { Server } from 'node:http';

export async function closeServer(server: Server): Promise<void> {
  const closed = Promise.withResolvers<void>();
  // An error means that it was not listening.
  server.close(() => closed.resolve());
  server.closeAllConnections();
  await closed.promise;
}
