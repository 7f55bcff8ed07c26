import { ok, type Result } from '../../../model/result.ts';
import type { OwnPids } from '../cleanup/own-pids.ts';
import { openSlot, type Slot, type SlotOptions } from './slot.ts';

/** Receives a slot, or the reason why none could be opened. */
export type OnSlot = (slot: Result<Slot, string>) => void;

/** As many slots as attempts run at once; they are opened when they are needed, and reused. */
export type SlotPool = {
  /** Calls `onSlot` at once when a slot is free, else later. Returns the way to cancel the request. */
  acquire(onSlot: OnSlot): () => void;
  /** Makes the slot free for the oldest request. */
  release(slot: Slot): void;
  /** Closes a slot that cannot be reused. */
  discard(slot: Slot): void;
  /** Closes all slots, which must be free. */
  close(): Promise<void>;
};

export type SlotPoolOptions = SlotOptions & {
  /** Contains the pids of the slots from their start to their end, beside others. */
  readonly ownPids: OwnPids;
  /** How many slots are opened before anybody asks for them. */
  readonly openAtOnce: number;
};

export function createSlotPool(options: SlotPoolOptions): SlotPool {
  const { pipes, guardian, ownPids } = options;
  const slots = new Set<Slot>();
  const idle: Slot[] = [];
  const waiting: OnSlot[] = [];
  const openings = new Set<Promise<void>>();
  let opening = 0;

  const open = async () => {
    opening += 1;
    const opened = await openSlot(options);
    // Before the request is answered, because the answer may lead to the next request.
    opening -= 1;
    if (!opened.ok) return waiting.shift()?.(opened);
    const slot = opened.value;
    slots.add(slot);
    ownPids.add(slot.pid);
    guardian.addSlot(slot.pid);
    void slot.ended.then(() => {
      ownPids.remove(slot.pid);
      guardian.removeSlot(slot.pid);
    });
    release(slot);
  };

  const openAnother = () => {
    const opened = open().finally(() => openings.delete(opened));
    openings.add(opened);
  };

  const release = (slot: Slot) => {
    if (!slot.isAlive()) return discard(slot);
    const onSlot = waiting.shift();
    if (onSlot === undefined) idle.push(slot);
    else onSlot(ok(slot));
  };

  const discard = (slot: Slot) => {
    void slot.close().then(() => slots.delete(slot));
    if (waiting.length > opening) openAnother();
  };

  for (let slot = 0; slot < options.openAtOnce; slot += 1) openAnother();

  return {
    acquire: (onSlot) => {
      for (let slot = idle.pop(); slot !== undefined; slot = idle.pop()) {
        if (slot.isAlive()) {
          onSlot(ok(slot));
          return () => undefined;
        }
        discard(slot);
      }
      waiting.push(onSlot);
      if (waiting.length > opening) openAnother();
      return () => {
        const place = waiting.indexOf(onSlot);
        if (place >= 0) waiting.splice(place, 1);
      };
    },
    release,
    discard,
    close: async () => {
      await Promise.all(openings);
      await Promise.all([...slots].map((slot) => slot.close()));
      pipes.close();
    },
  };
}
