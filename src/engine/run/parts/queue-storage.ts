import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../model/result.ts';
import { displayText } from '../../model/text/display-text.ts';
import type { Journal } from '../../ports.ts';
import type { RunDrive } from '../../queue/runs/drive-run.ts';
import type { QueuedPlan } from '../../queue/runs/queue-journal.ts';
import { shortenRecord } from '../../storage/journal/journal.ts';
import { readJournal } from '../../storage/journal/read-journal.ts';
import type { NewRun } from '../../storage/runs/run-directory.ts';
import type { RunLock } from '../../storage/runs/run-lock.ts';
import { localAdapters, type RunAdapters } from './run-adapters.ts';

type Storage = Pick<RunAdapters, 'lockRun' | 'createDirectory' | 'openJournal' | 'continueRun'>;

/**
 * Holds a run in the queue: its pipeline is locked on all hosts, and what happens in it is stored there. The directory of the run
 * has the same, so that everything that reads runs finds this one.
 */
export function queueStorage(drive: RunDrive, onWarning: (warning: Diagnostic) => void): Storage {
  let pipeline: NewRun['pipeline'] | undefined;
  const journalOf = (copy: Journal, number: number, next: number): Journal => {
    const { planHash: hash, text, stored } = pipeline!;
    const plan: QueuedPlan = { number, hash, text, stored };
    return drive.openJournal({
      copy,
      next,
      plan,
      shorten: shortenRecord,
      onAway: (why) => onWarning(isAway(why)),
      onCopyFailed: (error) => onWarning(hasNoCopy(error)),
    });
  };
  return {
    lockRun: async (request, run) => {
      const local = await localAdapters.lockRun(request, run);
      if (!local.ok) return local;
      const taken = await drive.take(run, request.pipeline);
      if (!taken.ok) {
        local.value.release();
        return taken;
      }
      const { deadRun = local.value.deadRun } = taken.value;
      const lock: RunLock = {
        ...(deadRun === undefined ? {} : { deadRun }),
        startHeartbeat: local.value.startHeartbeat,
        // Whoever has the run or its pipeline by then cannot be asked without waiting.
        reacquire: () => cannotReopen(run),
        release: () => {
          local.value.release();
          return drive.leave();
        },
      };
      return ok(lock);
    },
    createDirectory: (run) => {
      pipeline = run.pipeline;
      return localAdapters.createDirectory(run);
    },
    openJournal: (path) => {
      const file = localAdapters.openJournal(path);
      return file.ok ? ok(journalOf(file.value, 1, 0)) : file;
    },
    continueRun: async (former) => {
      pipeline = former.pipeline;
      const known = await drive.countEvents();
      if (!known.ok) return known;
      const continued = await localAdapters.continueRun(former);
      if (!continued.ok) return continued;
      const { files, journal, plan } = continued.value;
      if (known.value !== recordsIn(files.journal)) {
        await journal.close();
        return failed(hasGoneOn(former.run));
      }
      return ok({ files, plan, journal: journalOf(journal, plan, known.value) });
    },
  };
}

/** How many events the file has, also of kinds that are not known; its first record is its header. */
function recordsIn(path: string): number {
  const reading: Result<{ readonly sound: { readonly records: number } }, unknown> = readJournal(path);
  return reading.ok ? reading.value.sound.records - 1 : 0;
}

function isAway(why: string): Diagnostic {
  return {
    code: 'queue/unreachable',
    severity: 'warning',
    message: `The queue does not answer: ${displayText(why)}`,
    hint: 'the run waits for it, for at most 10 minutes',
  };
}

function hasNoCopy({ message }: Error): Diagnostic {
  return {
    code: 'run/cannot-write',
    severity: 'warning',
    message: `The copy of the journal on this machine ends here: ${displayText(message)}`,
    hint: 'the queue has all of it; resumed once more, the run has a whole copy',
  };
}

function cannotReopen(run: string): Diagnostic {
  return {
    code: 'run/locked',
    severity: 'error',
    message: 'a run on the queue that is over cannot be reopened',
    hint: `resume it: etl-tui run --executor queue --resume ${run}`,
  };
}

function hasGoneOn(run: string): Diagnostic {
  return {
    code: 'run/locked',
    severity: 'error',
    message: `another process has gone on with run ${run} meanwhile`,
    hint: `call it again: etl-tui run --executor queue --resume ${run}`,
  };
}
