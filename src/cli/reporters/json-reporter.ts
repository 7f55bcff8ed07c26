import { countVerdicts, summarise } from '../../display/run-summary.ts';
import { causeOf } from '../../display/task-ending.ts';
import {
  type EndOfAttempt,
  endOfAttempt,
  isoTime,
  type RunEvent,
  type RunState,
  rootCausesOf,
  type Staleness,
} from '../../engine/index.ts';
import { safeJson } from '../output/safe-json.ts';
import { entryOf } from './event-line.ts';
import type { Reporter, ReporterContext } from './reporter.ts';
import { createSlaNews } from './sla-news.ts';

const writeEveryMs = 10_000;
const whole = Math.round;

/**
 * One JSON object a line: each event as it is, with the run's id and times in ISO 8601, the time left every ten seconds, an SLA when it is at risk or missed,
 * and a last line `run.reported` with the verdict, the exit code, the SLAs and the files. See docs/command-line.md for the fields.
 */
export function jsonReporter(context: ReporterContext): Reporter {
  const { run, write, timeLeft, slas } = context;
  let writtenAt = Number.NEGATIVE_INFINITY;
  const print = (object: Readonly<Record<string, unknown>>) => write(`${safeJson(object)}\n`);
  const slaNews = createSlaNews(slas);
  const printSlas = (now: number, state: RunState) => {
    for (const sla of slaNews(state)) print({ at: new Date(now).toISOString(), run, type: 'run.sla', ...sla });
  };
  return {
    report: (event, state) => {
      print(eventObject(event, state, context));
      printSlas(event.at, state);
    },
    onTick: (now, state) => {
      printSlas(now, state);
      if (now - writtenAt < writeEveryMs) return;
      const left = timeLeft();
      if (left === undefined) return;
      writtenAt = now;
      const { ms, lowMs, highMs } = left;
      const range = lowMs === undefined || highMs === undefined ? {} : { lowMs: whole(lowMs), highMs: whole(highMs) };
      print({ at: new Date(now).toISOString(), run, type: 'run.time-left', ms: whole(ms), ...range });
    },
    onEnd: ({ state, verdict, exitCode, slas: judged, regressions, pruned, runDir, files }) => {
      const at = new Date(state.finishedAt ?? state.startedAt ?? 0).toISOString();
      const { result, consistency, performance, journal, directory, handoffs = [] } = files;
      const told = handoffs.length === 0 ? {} : { handoffs };
      const paths = { result, consistency, performance, journal, directory, runDir, ...told };
      const ofSlas = judged.length === 0 ? {} : { slas: judged };
      const { checks, degraded, tolerated } = summarise(state);
      const ofTolerated = tolerated.length === 0 ? {} : { tolerated: tolerated.length };
      const counts = { degraded: degraded.length, ...ofTolerated, checks: countVerdicts(checks) };
      const slower = regressions.length === 0 ? {} : { regressions };
      print({
        at,
        run,
        type: 'run.reported',
        verdict,
        exitCode,
        ...counts,
        ...ofSlas,
        ...slower,
        pruned,
        files: paths,
      });
    },
  };
}

const maxCauses = 10;

function eventObject(event: RunEvent, state: RunState, context: ReporterContext): Readonly<Record<string, unknown>> {
  const { at, type, ...fact } = event;
  return { at: isoTime(at), run: context.run, type, ...fact, ...fieldsOf(event, state, context) };
}

/** Fields of an event with their times in ISO 8601, and what a reader would else have to gather from other lines. */
function fieldsOf(event: RunEvent, state: RunState, context: ReporterContext): Readonly<Record<string, unknown>> {
  switch (event.type) {
    case 'run.started':
    case 'run.continued': {
      const { lastGood, staleBefore } = event;
      return {
        ...(lastGood === undefined
          ? {}
          : { lastGood: mapValues(lastGood, ({ at, ...load }) => ({ at: isoTime(at), ...load })) }),
        ...(staleBefore === undefined ? {} : { staleBefore: mapValues(staleBefore, readableStale) }),
        ...(event.type === 'run.started' ? {} : { stoppedAt: isoTime(event.stoppedAt) }),
      };
    }
    case 'capacity.changed': {
      const { loweredAt } = event.capacity;
      return loweredAt === undefined ? {} : { capacity: { ...event.capacity, loweredAt: isoTime(loweredAt) } };
    }
    case 'check.backing-off':
      return { retryAt: isoTime(event.retryAt) };
    case 'task.backing-off':
      return { retryAt: isoTime(event.retryAt), ...readableEnd(event) };
    case 'task.finished':
      return endingFields(event, state, context);
    default:
      return {};
  }
}

function endingFields(
  event: Extract<RunEvent, { type: 'task.finished' }>,
  state: RunState,
  { tail, logPath }: ReporterContext,
): Readonly<Record<string, unknown>> {
  const { task, outcome } = event;
  const { attempts, startedAt, stale } = entryOf(state, task);
  const attempt = 'attempt' in outcome ? outcome.attempt : attempts;
  const cause = causeOf(outcome);
  const causes = rootCausesOf(state, state.plan.indexOf.get(task)!);
  // That of the task's state may be older, and says why.
  const { stale: _, ...rest } = { stale: undefined, ...outcome };
  return {
    outcome: rest.kind === 'reused' ? { ...rest, at: isoTime(rest.at) } : rest,
    attempts,
    ...(startedAt === undefined ? {} : { durationMs: whole(Math.max(0, endOfAttempt(event) - startedAt)) }),
    ...readableEnd(event),
    ...(cause === undefined ? {} : { cause }),
    ...(stale === undefined ? {} : { stale: readableStale(stale) }),
    ...(attempt === 0 || tail(task, attempt).merged === '' ? {} : { log: logPath(task, attempt) }),
    ...(causes.length === 0 ? {} : { rootCauses: causes.slice(0, maxCauses) }),
  };
}

function readableEnd({ endedAt }: EndOfAttempt): Readonly<Record<string, unknown>> {
  return endedAt === undefined ? {} : { endedAt: isoTime(endedAt) };
}

function readableStale({ since, ...stale }: Staleness): Readonly<Record<string, unknown>> {
  return { since: isoTime(since), ...stale };
}

function mapValues<From, To>(
  values: Readonly<Record<string, From>>,
  map: (value: From) => To,
): Readonly<Record<string, To>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, map(value)]));
}
