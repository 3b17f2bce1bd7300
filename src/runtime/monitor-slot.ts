/**
 * One place for a monitor: its name, its files, what is connected there now, and the pods that are about to come.
 */
import type { MonitorConnection } from './monitor-connection.ts';
import type { MonitorPlace } from './monitor-process.ts';

export type Slot = {
  readonly name: string;
  readonly place: MonitorPlace;
  connection: MonitorConnection | null;
  pid: number | null;
  /** The running attempt to have a connection; callers share it. */
  reviving: Promise<MonitorConnection> | null;
  /** Pods that are being made and are in no record yet. */
  reserved: number;
};

/** One monitor, for `status`. */
export type MonitorState = {
  readonly name: string;
  readonly pid: number | null;
  readonly state: 'connected' | 'starting' | 'gone';
  readonly pods: number;
  /** Containers that have not exited. */
  readonly containers: number;
};

/** Room for one pod on a slot, until its record counts it. */
export interface Placement extends Disposable {
  readonly slot: string;
}

export function newSlot(name: string, place: MonitorPlace): Slot {
  return { name, place, connection: null, pid: null, reviving: null, reserved: 0 };
}

/** Whether requests can be sent there now. */
export function isConnected(slot: Slot): boolean {
  return slot.connection !== null && !slot.connection.isClosed;
}

export function describeState(slot: Slot): MonitorState['state'] {
  if (isConnected(slot)) return 'connected';
  return slot.reviving === null ? 'gone' : 'starting';
}

/** Keeps room for a pod until its record counts it. */
export function reserve(slot: Slot): Placement {
  let isHeld = true;
  slot.reserved += 1;
  return {
    slot: slot.name,
    [Symbol.dispose]: () => {
      if (isHeld) slot.reserved -= 1;
      isHeld = false;
    },
  };
}
