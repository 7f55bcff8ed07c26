import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { RunId, TaskId } from '../model/ids.ts';
import { failed, ok, type Result } from '../model/result.ts';
import { isAdopted } from '../model/run/resume-decision.ts';
import type { RunEvent } from '../model/run/run-event.ts';
import { didYouMean } from '../model/text/did-you-mean.ts';
import { followJournal } from '../storage/journal/read-journal.ts';
import { attemptLogPath } from '../storage/logs/attempt-log-path.ts';
import { type LogReader, openLogReader } from '../storage/logs/log-reader.ts';
import { isRunAlive } from '../storage/runs/heartbeat.ts';
import { runPaths } from '../storage/runs/run-paths.ts';
import { readRun } from './read-run.ts';

/** A task of a stored run and its logs, also while another process executes the run. */
export type FollowedTask = {
  /** Reads what the journal has got since the last call. */
  update(): {
    /** The number of the last attempt that was started, or failed before it could be; 0 before the first. */
    readonly attempts: number;
    /** Whether it has ended. */
    readonly isOver: boolean;
    /** Whether a process executes the run; if not, nothing more will be written. */
    readonly isRunning: boolean;
  };
  readonly task: TaskId;
  /** Where the journal is damaged; attempts are then those that have a log. */
  readonly damage?: Diagnostic;
  /** What should be told of the journal, the damage among it. */
  readonly notices: readonly Diagnostic[];
  logPath(attempt: number): string;
  /** To be closed. */
  openLog(attempt: number): LogReader;
};

/** Errors: those of `readRun`, and `plan/unknown-task` with a similar name. */
export function followTask(logDir: string, run: RunId, name: string): Result<FollowedTask, Diagnostic> {
  const stored = readRun(logDir, run);
  if (!stored.ok) return stored;
  const { plan, damage, newer } = stored.value;
  const task = name as TaskId;
  if (!plan.indexOf.has(task)) return failed(unknownTask(run, name, [...plan.indexOf.keys()]));
  const paths = runPaths(logDir, run);
  const readEvents = followJournal(paths.journal);
  const logPath = (attempt: number) => attemptLogPath(paths.tasks, task, attempt);
  let attempts = 0;
  let isOver = false;
  return ok({
    task,
    ...(damage === undefined ? {} : { damage }),
    notices: [damage, newer].filter((notice) => notice !== undefined),
    update: () => {
      // Read before the events, so that they include everything when the run is over.
      const isRunning = isRunAlive(paths.directory);
      for (const event of readEvents()) {
        // Its attempt has ended with the process that ran it, unless it ran elsewhere.
        if (event.type === 'run.continued') isOver = attempts > 0 && (isOver || !isAdopted(event.decisions, task));
        if (!('task' in event) || event.task !== task) continue;
        if (event.type === 'task.started') [attempts, isOver] = [event.attempt, false];
        else if (event.type === 'task.finished' || event.type === 'task.backing-off') {
          [attempts, isOver] = [Math.max(attempts, endedAttempt(event)), true];
        }
      }
      const logged = damage === undefined ? 0 : loggedAttempts(dirname(logPath(1)));
      return { attempts: Math.max(attempts, logged), isOver, isRunning };
    },
    logPath,
    openLog: (attempt) => openLogReader(logPath(attempt)),
  });
}

/** The attempt that ends with the event, which may have failed before it started; 0 without any. */
function endedAttempt(event: Extract<RunEvent, { readonly type: 'task.finished' | 'task.backing-off' }>): number {
  if (event.type === 'task.backing-off') return event.attempt - 1;
  return 'attempt' in event.outcome ? event.outcome.attempt : 0;
}

/** The number of the last attempt that has a log in the directory of its task; 0 without any. */
function loggedAttempts(directory: string): number {
  try {
    return Math.max(0, ...readdirSync(directory).map((name) => Number(/^(\d+)\.log$/.exec(name)?.[1] ?? 0)));
  } catch {
    return 0;
  }
}

function unknownTask(run: RunId, name: string, known: readonly string[]): Diagnostic {
  const meant = didYouMean(name, known);
  return {
    code: 'plan/unknown-task',
    severity: 'error',
    message: `run ${run} has no task "${name}"`,
    hint: meant === undefined ? `etl-tui show ${run} lists its tasks` : `did you mean "${meant}"?`,
  };
}
