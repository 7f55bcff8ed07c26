import pLimit from 'p-limit';
import type { SlurmAttempt } from './slurm-attempt.ts';
import type { SlurmCommands } from './slurm-commands.ts';
import type { SeenQueue, SlurmContext } from './slurm-context.ts';

/** Looks take at most about a third of the time, however many jobs there are, and however slow their file system is. */
const lookEveryMs = { least: 200, most: 2_000 };
const askEveryMs = 2_000;
const warnAfterMs = 60_000;
/** Files of so many jobs are read at once. */
const maxReading = 8;

/** Looks after the jobs that run: one look at the files of each, and one `squeue` for all of them every two seconds. */
export type JobQueue = {
  /** To be called with each new job. */
  lookAfter(): void;
  /** Sends the signals of one moment together. */
  readonly cancel: SlurmContext['cancel'];
  /** Resolves when everything that was asked of Slurm is done. */
  close(): Promise<void>;
};

/** @param onSilence called with what Slurm's programs say, when that has gone on for a minute */
export function openJobQueue(
  commands: SlurmCommands,
  running: ReadonlyMap<string, SlurmAttempt>,
  onSilence: (message: string) => void,
): JobQueue {
  const reading = pLimit(maxReading);
  const toCancel = { politely: new Set<string>(), now: new Set<string>() };
  let cancelling: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;
  let seen: SeenQueue | undefined;
  let isAsking = false;
  let askedAt = Number.NEGATIVE_INFINITY;
  let answeredAt = performance.now();
  let isWarned = false;

  const ask = async () => {
    isAsking = true;
    askedAt = performance.now();
    const answer = await commands.queue();
    isAsking = false;
    if (answer.ok) {
      seen = { askedAt, jobs: answer.value };
      answeredAt = performance.now();
      isWarned = false;
    } else if (!isWarned && performance.now() - answeredAt > warnAfterMs) {
      isWarned = true;
      onSilence(answer.error);
    }
  };

  const look = async () => {
    isLooking = true;
    timer = undefined;
    const started = performance.now();
    if (!isAsking && started - askedAt >= askEveryMs) void ask();
    await Promise.all([...running.values()].map((attempt) => reading(() => attempt.look(seen))));
    isLooking = false;
    if (running.size === 0) return;
    const pause = (performance.now() - started) * 2;
    timer = setTimeout(look, Math.min(lookEveryMs.most, Math.max(lookEveryMs.least, pause)));
  };

  const sendSignals = async () => {
    for (const how of ['politely', 'now'] as const) {
      const ids = [...toCancel[how]];
      toCancel[how].clear();
      if (ids.length > 0)
        await commands.cancel(ids, ...(how === 'now' ? ['--signal=KILL'] : ['--batch', '--signal=TERM']));
    }
    cancelling = toCancel.politely.size + toCancel.now.size > 0 ? sendSignals() : undefined;
  };

  return {
    lookAfter: () => {
      if (isLooking || timer !== undefined) return;
      // Jobs that came while nobody looked have not been asked for.
      if (running.size === 1) answeredAt = performance.now();
      timer = setTimeout(look, lookEveryMs.least);
    },
    cancel: (ids, how) => {
      for (const id of ids) toCancel[how].add(id);
      cancelling ??= Promise.resolve().then(sendSignals);
    },
    close: async () => {
      clearTimeout(timer);
      while (cancelling !== undefined) await cancelling;
    },
  };
}
