import type { TaskId } from '../../model/ids.ts';
import type { OverloadKind } from '../../model/run/capacity.ts';
import type { RunEvent } from '../../model/run/run-event.ts';
import { formatDuration } from '../../model/text/format-duration.ts';
import { formatShare } from '../../model/text/format-size.ts';
import { describeOverload } from '../causes/describe-outcome.ts';
import { exitVerdict } from '../causes/exit-verdict.ts';
import type { PerformanceRecord } from '../files/performance-record.ts';
import { isoTime } from '../files/time-format.ts';
import type { SlaJudgement } from '../slas/sla-judgement.ts';
import type { Regression } from '../trends/regression.ts';
import { type Bottleneck, findBottleneck, type Supply, supplyOf } from './bottleneck.ts';
import { type Handoff, type HandoffHeader, type HandoffInput, header } from './handoff-document.ts';
import { describeBottleneck, suggest } from './suggestion.ts';
import { heldSeconds, type UsualRun, usualRun } from './usual-run.ts';

/**
 * A run that took much longer than usual, in which something became slower for good, which stepped down to fewer tasks at
 * once, or which missed an SLA that it may not miss.
 */
export type DegradationDocument = HandoffHeader & {
  readonly handoff: 'performance_degradation';
  readonly reasons: readonly ('slower_than_usual' | 'regression' | 'stepped_down' | 'sla_missed')[];
  readonly current_duration_seconds: number;
  /** The median of earlier runs with the same tasks and parameters; null when there are fewer than three. */
  readonly usual_duration_seconds: number | null;
  readonly compared_runs: number;
  readonly slowdown: number | null;
  readonly bottleneck: (Bottleneck & { readonly finding: string }) | null;
  readonly concurrent_tasks: { readonly peak: number; readonly average: number; readonly limit: number };
  /** What there was of what tasks waited for, and how much would have done. */
  readonly pool: Supply | null;
  readonly stepped_down: readonly {
    readonly at: string;
    readonly max_parallel: number;
    readonly because: OverloadKind;
  }[];
  readonly slower_tasks: readonly SlowerTask[];
  /** What has become slower since a run, the run as a whole or a task, and is told for the first time; at most five. */
  readonly regressions: readonly ToldRegression[];
  /** The SLAs that were missed, whether or not the run may miss them. */
  readonly missed_slas: readonly MissedSla[];
  readonly impact: string;
  readonly suggestion: string;
};

type SlowerTask = { readonly task: TaskId; readonly seconds: number; readonly usual_seconds: number };

type ToldRegression = Omit<Regression, 'task' | 'rows' | 'usual_rows'> & { readonly task: TaskId | null };

type MissedSla = { readonly sla: string; readonly finding: string };

const defaultFactor = 1.5;
/** Less is the noise of starting programs. */
const minExcessSeconds = 1;
const maxTasks = 5;

/** At most one. */
export function degradation(input: HandoffInput): readonly Handoff<DegradationDocument>[] {
  const { state, events, record, past, slas, regressions } = input;
  if (record.status === 'cancelled') return [];
  const factor = state.plan.pipeline.handoffs?.onDegradation?.factor ?? defaultFactor;
  const usual = usualRun(record, past);
  const seconds = rounded(Math.max(0, record.total_duration_seconds - heldSeconds(events)));
  const steps = events.flatMap((event) => (event.type === 'run.stepped-down' ? [event] : []));
  // Where a task failed, that is told, and its retries took the time.
  const hasRunAll = record.results.every(({ status }) =>
    ['success', 'skipped', 'not_needed', 'reused'].includes(status),
  );
  const isSlow = hasRunAll && isSlower(seconds, usual?.seconds, factor);
  const missed = slas.filter(({ status }) => status === 'missed');
  const hasFailed = exitVerdict(state, slas) === 'sla-missed';
  if (!isSlow && regressions.length === 0 && steps.length === 0 && !hasFailed) return [];
  const bottleneck = findBottleneck(state, record, usual, steps[0]?.because);
  const supply = bottleneck === undefined ? undefined : supplyOf(state, record, bottleneck);
  const slower = slowerTasks(record, usual, factor);
  const { name } = state.plan.pipeline;
  return [
    {
      // Without this, nobody would be told why such a run has failed.
      trigger: hasFailed ? 'failure' : 'degradation',
      subject: name,
      tasks: [...slower, ...regressions].flatMap(({ task }) => task ?? []),
      document: {
        ...header(input, 'performance_degradation', {
          urgency: 'normal',
          summary: summaryOf(seconds, isSlow ? usual : undefined, regressions, steps, hasFailed ? missed : []),
        }),
        reasons: [
          ...(isSlow ? (['slower_than_usual'] as const) : []),
          ...(regressions.length > 0 ? (['regression'] as const) : []),
          ...(steps.length > 0 ? (['stepped_down'] as const) : []),
          ...(hasFailed ? (['sla_missed'] as const) : []),
        ],
        current_duration_seconds: seconds,
        usual_duration_seconds: usual === undefined ? null : rounded(usual.seconds),
        compared_runs: usual?.runs ?? 0,
        slowdown: usual === undefined || usual.seconds === 0 ? null : rounded(seconds / usual.seconds),
        bottleneck:
          bottleneck === undefined ? null : { ...bottleneck, finding: describeBottleneck(bottleneck, record) },
        concurrent_tasks: {
          peak: record.peak_running,
          average: record.active_seconds > 0 ? rounded(record.task_seconds / record.active_seconds) : 0,
          limit: record.max_parallel,
        },
        pool: supply ?? null,
        stepped_down: steps.map(({ at, maxParallel, because }) => ({
          at: isoTime(at),
          max_parallel: maxParallel,
          because,
        })),
        slower_tasks: slower.slice(0, maxTasks),
        regressions: regressions
          .slice(0, maxTasks)
          .map(({ task, rows: _rows, usual_rows: _usual, ...rest }) => ({ task: task ?? null, ...rest })),
        missed_slas: missed.map(({ sla, message }) => ({ sla, finding: message })),
        impact: impactOf(seconds, usual, steps),
        suggestion: suggest(state, record, bottleneck, supply, slower.length),
      },
    },
  ];
}

function isSlower(seconds: number, usual: number | undefined, factor: number): boolean {
  return usual !== undefined && seconds >= factor * usual && seconds - usual >= minExcessSeconds;
}

/** The most slowed down first. */
function slowerTasks(
  { results }: PerformanceRecord,
  usual: UsualRun | undefined,
  factor: number,
): readonly SlowerTask[] {
  return results
    .flatMap(({ task, attempt_seconds: seconds }) => {
      const before = usual?.taskSeconds.get(task);
      return before !== undefined && isSlower(seconds, before, factor)
        ? [{ task, seconds, usual_seconds: rounded(before) }]
        : [];
    })
    .sort((a, b) => b.seconds - b.usual_seconds - (a.seconds - a.usual_seconds));
}

type StepDown = Extract<RunEvent, { type: 'run.stepped-down' }>;

function summaryOf(
  seconds: number,
  slowerThan: UsualRun | undefined,
  [regression]: readonly Regression[],
  steps: readonly StepDown[],
  missed: readonly SlaJudgement[],
): string {
  const parts = [
    ...(slowerThan === undefined ? [] : [`took ${duration(seconds)}, usually ${duration(slowerThan.seconds)}`]),
    ...(regression === undefined || slowerThan !== undefined ? [] : [describeRegression(regression)]),
    ...(steps[0] === undefined
      ? []
      : [`was reduced to ${tasksAtOnce(steps)} at once, because ${describeOverload(steps[0].because)}`]),
    ...(missed.length === 0 ? [] : [`missed its SLA ${missed.map(({ sla }) => sla).join(', ')}`]),
  ];
  return `the run ${parts.join(', and ')}`;
}

function impactOf(seconds: number, usual: UsualRun | undefined, steps: readonly StepDown[]): string {
  if (usual !== undefined && seconds > usual.seconds) {
    const later = duration(seconds - usual.seconds);
    return `its data came ${later} later than usual (${duration(seconds)} instead of ${duration(usual.seconds)})`;
  }
  return steps.length > 0 ? 'its data is complete but late' : 'its data was not late';
}

/** `has a task load that has become 41 % slower`, after "the run". */
function describeRegression({
  task,
  change,
  usual_seconds: usual,
  seconds: now,
  since,
  slower_runs: runs,
}: Regression): string {
  const what = task === undefined ? 'has become' : `has a task ${task} that has become`;
  const how = `${formatShare(change)} slower (${duration(now)} instead of ${duration(usual)})`;
  return `${what} ${how}${runs > 1 ? `, since run ${since}` : ''}`;
}

/** `one task`: what the run came down to. */
function tasksAtOnce(steps: readonly StepDown[]): string {
  const least = Math.min(...steps.map(({ maxParallel }) => maxParallel));
  return least === 1 ? 'one task' : `at most ${least} tasks`;
}

function duration(seconds: number): string {
  return formatDuration(seconds * 1000);
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
