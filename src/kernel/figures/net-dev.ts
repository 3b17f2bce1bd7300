/**
 * The counters of network interfaces as /proc/PID/net/dev tells them. Pure. Source: proc_pid_net(5).
 */

export type InterfaceCounters = {
  readonly name: string;
  readonly rxBytes: bigint;
  readonly rxPackets: bigint;
  readonly rxErrors: bigint;
  readonly rxDropped: bigint;
  readonly txBytes: bigint;
  readonly txPackets: bigint;
  readonly txErrors: bigint;
  readonly txDropped: bigint;
};

/** `name: 8 numbers received, 8 numbers sent`; names may have spaces around, and colons inside (aliases). */
const line = /^ *(\S+): *([\d ]+)$/;

export function parseNetDev(text: string): readonly InterfaceCounters[] {
  return text.split('\n').flatMap((each): readonly InterfaceCounters[] => {
    const [, name, numbers] = line.exec(each) ?? [];
    if (name === undefined || numbers === undefined) return [];
    const values = numbers.trim().split(/ +/).map(BigInt);
    const at = (index: number): bigint => values[index] ?? 0n;
    return [
      {
        name,
        rxBytes: at(0),
        rxPackets: at(1),
        rxErrors: at(2),
        rxDropped: at(3),
        txBytes: at(8),
        txPackets: at(9),
        txErrors: at(10),
        txDropped: at(11),
      },
    ];
  });
}
