import { formatAttemptRef, type RunId, type TaskId } from '../../model/ids.ts';
import type { RunEvent } from '../../model/run/run-event.ts';
import { withDeadline } from '../../platform/with-deadline.ts';
import type { AttemptLog, Journal, OutputLog } from '../../ports.ts';
import type { QueueClient } from '../../queue/queue-client.ts';
import { continueJournal } from '../../storage/journal/continue-journal.ts';
import { readJournal } from '../../storage/journal/read-journal.ts';
import { removeLog } from '../../storage/logs/remove-log.ts';
import { isRunAlive, startHeartbeat } from '../../storage/runs/heartbeat.ts';
import type { RunPaths } from '../../storage/runs/run-paths.ts';

/** Keeps the directory of a run on this machine as the queue has it, for as long as another one drives the run. */
export type Mirror = {
  /** False where the driver is on this machine, and keeps the directory itself. */
  readonly isOn: boolean;
  write(events: readonly RunEvent[]): void;
  /** Keeps what the attempt prints from its beginning. */
  follow(task: TaskId, attempt: number): void;
  /** Resolves when all output is kept that was there at this moment. */
  settled(): Promise<void>;
  close(): Promise<void>;
};

const off: Mirror = {
  isOn: false,
  write: () => undefined,
  follow: () => undefined,
  settled: async () => {},
  close: async () => {},
};

/** What is still to be read of the output at the end of a run is not waited for longer. */
const settledWithinMs = 10_000;

/** @param logs of the directory */
export async function openMirror(client: QueueClient, files: RunPaths, logs: OutputLog, run: RunId): Promise<Mirror> {
  if (isRunAlive(files.directory)) return off;
  const reading = readJournal(files.journal);
  const continued = reading.ok ? continueJournal(files.journal, reading.value) : reading;
  const journal: Journal | undefined = continued.ok ? continued.value : undefined;
  // The events that are in the file already are told once more.
  let known = reading.ok ? reading.value.events.length : 0;
  const heartbeat = startHeartbeat(files.directory);
  const { openOutputReader } = await import('../../queue/output/read-output.ts');
  const reader = openOutputReader(client);
  const open = new Map<string, AttemptLog>();
  const settled = async () => {
    const all = Promise.all([...open.keys()].map((key) => reader.caughtUp(key)));
    await withDeadline(
      all.then(() => undefined),
      settledWithinMs,
      () => undefined,
    );
  };
  return {
    isOn: true,
    write: (events) => {
      const fresh = events.slice(Math.min(known, events.length));
      known -= events.length - fresh.length;
      journal?.record(fresh);
    },
    follow: (task, attempt) => {
      const key = formatAttemptRef({ run, task, attempt });
      if (open.has(key)) return;
      removeLog(files.tasks, task, attempt);
      let log: AttemptLog | undefined;
      const lazy: AttemptLog = {
        write: (stream, chunk) => {
          log ??= logs.open(task, attempt);
          log.write(stream, chunk);
        },
        close: () => log?.close(),
      };
      open.set(key, lazy);
      reader.watch(key, ({ kind, data }) => {
        if (kind === 'stdout' || kind === 'stderr') lazy.write(kind, data);
        else if (kind === 'exit') {
          reader.unwatch(key);
          open.delete(key);
          lazy.close();
        }
      });
    },
    settled,
    close: async () => {
      reader.close();
      for (const log of open.values()) log.close();
      open.clear();
      await journal?.close();
      heartbeat.stop();
    },
  };
}
