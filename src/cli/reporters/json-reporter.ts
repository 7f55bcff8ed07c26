import { type RunEvent, type RunState, rootCausesOf } from '../../engine/index.ts';
import { safeJson } from '../output/safe-json.ts';
import type { Reporter, ReporterContext } from './reporter.ts';

const writeEveryMs = 10_000;
const whole = Math.round;

/**
 * One JSON object a line: each event as it is, with the run's id and times in ISO 8601, the time left every ten seconds, and a last line `run.reported`
 * with the verdict, the exit code and the files. See docs/command-line.md for the fields.
 */
export function jsonReporter({ run, write, timeLeft }: ReporterContext): Reporter {
  let writtenAt = Number.NEGATIVE_INFINITY;
  const print = (object: Readonly<Record<string, unknown>>) => write(`${safeJson(object)}\n`);
  return {
    report: (event, state) => print(eventObject(run, event, state)),
    onTick: (now) => {
      if (now - writtenAt < writeEveryMs) return;
      const left = timeLeft();
      if (left === undefined) return;
      writtenAt = now;
      const { ms, lowMs, highMs } = left;
      const range = lowMs === undefined || highMs === undefined ? {} : { lowMs: whole(lowMs), highMs: whole(highMs) };
      print({ at: new Date(now).toISOString(), run, type: 'run.time-left', ms: whole(ms), ...range });
    },
    onEnd: ({ state, verdict, exitCode, files }) => {
      const at = new Date(state.finishedAt ?? state.startedAt ?? 0).toISOString();
      const { result, consistency, performance, journal, directory } = files;
      const paths = { result, consistency, performance, journal, directory };
      print({ at, run, type: 'run.reported', verdict, exitCode, files: paths });
    },
  };
}

const maxCauses = 10;

function eventObject(run: string, event: RunEvent, state: RunState): Readonly<Record<string, unknown>> {
  const { at, type, ...fact } = event;
  const causes = event.type === 'task.finished' ? rootCausesOf(state, state.plan.indexOf.get(event.task)!) : [];
  const why = causes.length === 0 ? {} : { rootCauses: causes.slice(0, maxCauses) };
  const times = event.type === 'task.backing-off' ? { retryAt: new Date(event.retryAt).toISOString() } : {};
  return { at: new Date(at).toISOString(), run, type, ...fact, ...times, ...why };
}
