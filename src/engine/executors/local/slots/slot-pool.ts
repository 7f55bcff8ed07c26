import type { Result } from '../../../model/result.ts';
import type { Guardian } from '../cleanup/guardian.ts';
import type { PipeSource } from '../output/output-pipes.ts';
import type { ShellPrograms } from './shell-programs.ts';
import { openSlot, type Slot } from './slot.ts';

/** Takes a slot, or the reason why there is none. */
export type TakeSlot = (slot: Result<Slot, string>) => void;

/** As many slots as attempts run at once; they are opened when needed and used again. */
export type SlotPool = {
  /** Calls `take` at once when a slot is free, else later. Returns the way to stop waiting. */
  request(take: TakeSlot): () => void;
  /** The attempt is over; the slot goes to who waits longest. */
  giveBack(slot: Slot): void;
  /** The slot is of no use any more. */
  discard(slot: Slot): void;
  close(): Promise<void>;
};

export type SlotPoolOptions = {
  readonly bash: string;
  readonly programs: ShellPrograms;
  readonly env: Readonly<Record<string, string>>;
  readonly pipes: PipeSource;
  readonly guardian: Guardian;
  /** Pids that no attempt's leftovers have; those of slots are kept up to date here. */
  readonly ours: Set<number>;
};

export function createSlotPool({ bash, programs, env, pipes, guardian, ours }: SlotPoolOptions): SlotPool {
  const slots = new Set<Slot>();
  const idle: Slot[] = [];
  const waiting: TakeSlot[] = [];
  const ends = new Set<Promise<void>>();
  let opening = 0;

  const open = async () => {
    opening += 1;
    const opened = await openSlot(bash, programs.slot, env, pipes);
    // At once, because whoever is served may ask for the next.
    opening -= 1;
    if (!opened.ok) return waiting.shift()?.(opened);
    const slot = opened.value;
    slots.add(slot);
    ours.add(slot.pid);
    guardian.guard(slot.pid);
    void slot.gone.then(() => {
      ours.delete(slot.pid);
      guardian.forget(slot.pid);
    });
    giveBack(slot);
  };

  const openAnother = () => {
    const end = open().finally(() => ends.delete(end));
    ends.add(end);
  };

  const giveBack = (slot: Slot) => {
    if (!slot.isAlive()) return discard(slot);
    const take = waiting.shift();
    if (take === undefined) idle.push(slot);
    else take({ ok: true, value: slot });
  };

  const discard = (slot: Slot) => {
    void slot.close().then(() => slots.delete(slot));
    if (waiting.length > opening) openAnother();
  };

  return {
    request: (take) => {
      for (let slot = idle.pop(); slot !== undefined; slot = idle.pop()) {
        if (slot.isAlive()) {
          take({ ok: true, value: slot });
          return () => undefined;
        }
        discard(slot);
      }
      waiting.push(take);
      if (waiting.length > opening) openAnother();
      return () => {
        const place = waiting.indexOf(take);
        if (place >= 0) waiting.splice(place, 1);
      };
    },
    giveBack,
    discard,
    close: async () => {
      await Promise.all(ends);
      await Promise.all([...slots].map((slot) => slot.close()));
      pipes.close();
    },
  };
}
