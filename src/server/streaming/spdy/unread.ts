/**
 * What has come and waits for its readers, over all streams of one connection: bounded by not reading on. A peer need not
 * heed windows for that.
 */

/** Above it nothing more is read from the peer; below its half reading goes on. */
const maxUnreadBytes = 1024 * 1024;
/** What a waiting piece costs at least. */
const pieceBytes = 256;
const probeMs = 500;

export class Unread {
  #bytes = 0;
  #room: PromiseWithResolvers<void> | null = null;

  came(lengthBytes: number): void {
    this.#bytes += costOf(lengthBytes);
  }

  /** One piece of that many bytes was read, or dropped. */
  went(lengthBytes: number): void {
    this.#bytes -= costOf(lengthBytes);
    if (this.#bytes <= maxUnreadBytes / 2) this.letGo();
  }

  /** Whoever waits for room waits no more. */
  letGo(): void {
    this.#room?.resolve();
  }

  /**
   * Waits until there is room; undefined: there is. While nothing is read the peer's leaving is not seen: `probe`, called now and then, is to
   * send something, which finds it out.
   */
  untilRoom(probe: () => void): Promise<void> | undefined {
    return this.#bytes <= maxUnreadBytes ? undefined : this.#wait(probe);
  }

  async #wait(probe: () => void): Promise<void> {
    const timer = setInterval(probe, probeMs);
    this.#room = Promise.withResolvers<void>();
    await this.#room.promise;
    this.#room = null;
    clearInterval(timer);
  }
}

function costOf(lengthBytes: number): number {
  return Math.max(lengthBytes, pieceBytes);
}
