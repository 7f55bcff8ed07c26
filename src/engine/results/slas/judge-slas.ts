import type { LevelId } from '../../model/ids.ts';
import type { Slas } from '../../model/pipeline/pipeline.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { isOutcome, unblocksDownstream } from '../../model/run/task-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { exitVerdict } from '../causes/exit-verdict.ts';
import { rootCausesOfRun } from '../causes/root-causes.ts';
import type { PerformanceRecord } from '../files/performance-record.ts';
import { areComparable } from '../trends/same-params.ts';
import { judgeDuration } from './judge-duration.ts';
import { judgeSpeedup } from './judge-speedup.ts';
import { judgeSuccessRate, type Successes } from './judge-success-rate.ts';
import { judgeConnections, judgeCpu, judgeDiskRate, judgeDiskWait, judgeMemory } from './judge-usage.ts';
import type { Finding, SlaJudgement, SlaUnit } from './sla-judgement.ts';
import type { SlaReading } from './sla-meter.ts';

/** How long the run and its levels will still take at most, in ms, as earlier runs tell. */
export type SlaForecast = {
  readonly runMs: number;
  readonly levelsMs: ReadonlyMap<LevelId, number>;
  /** Something takes longer than ever before. */
  readonly isUncertain: boolean;
};

export type SlaInput = {
  readonly state: RunState;
  /** At the end of the run, or now. */
  readonly reading: SlaReading;
  /** The records of earlier runs of the pipeline, newest last, without this run. */
  readonly past: readonly PerformanceRecord[];
  /** Absent when nothing is known. */
  readonly forecast?: SlaForecast;
};

/** Judges a run by the SLAs of its pipeline, in the order of the documentation; at its end none is left open. Pure. */
export function judgeSlas(input: SlaInput): readonly SlaJudgement[] {
  const { state, reading, forecast } = input;
  const { slas } = state.plan.pipeline;
  const isOver = state.phase.kind === 'finished';
  const everything = state.plan.tasks.map(({ index }) => index);
  const stage = { isOver, isPastHalf: isPastHalf(input) };
  const { usage, personMs } = reading;
  const found: SlaJudgement[] = [];
  const judge = <Limit>(
    sla: string,
    limit: Limit | undefined,
    unit: SlaUnit,
    find: (limit: Limit) => Finding,
    written: (limit: Limit) => SlaJudgement['limit'],
  ) => {
    if (limit !== undefined) found.push({ sla, limit: written(limit), unit, ...find(limit) });
  };
  const duration = (sla: string, limitMs: number | undefined, of: Parameters<typeof judgeDuration>[0]) =>
    judge(
      sla,
      limitMs,
      'seconds',
      (limit) => judgeDuration(of, limit),
      (limit) => limit / 1000,
    );
  const itself = (limit: number) => limit;

  duration('run', slas.runMs, {
    ms: reading.runMs,
    personMs,
    leftMs: forecast?.runMs,
    isUncertain: forecast?.isUncertain ?? true,
    isOver,
    isDone: areDone(state, everything),
  });
  for (const [level, limitMs] of slas.levelsMs) {
    const tasks = state.plan.levels.get(level) ?? [];
    duration(`levels.${level}`, limitMs, {
      ms: reading.levels.get(level),
      leftMs: forecast?.levelsMs.get(level),
      isUncertain: forecast?.isUncertain ?? true,
      isOver: isOver || areOver(state, tasks),
      isDone: areDone(state, tasks),
    });
  }
  judge('speedup', slas.speedup, 'times', (wanted) => judgeSpeedup(speedOf(input, stage), wanted), itself);
  judge('success_rate', slas.successRate, 'share', (wanted) => judgeSuccessRate(successesOf(input), wanted), itself);
  judge('cpu', slas.cpu, 'share', (band) => judgeCpu(usage, band, stage), bandLimit);
  judge('memory', slas.memory, 'share', (most) => judgeMemory(usage, most, stage), itself);
  judge('db_connections', slas.dbConnections, 'share', (most) => judgeConnections(usage, most, stage), itself);
  judge('disk_io', slas.diskBytesPerSecond, 'bytes_per_second', (most) => judgeDiskRate(usage, most, stage), itself);
  judge('disk_wait', slas.diskWait, 'share', (most) => judgeDiskWait(usage, most, stage), itself);
  return found;
}

/** Whether the pipeline has any SLA. */
export function hasSlas({ onMiss: _, levelsMs, ...limits }: Slas): boolean {
  return levelsMs.size > 0 || Object.keys(limits).length > 0;
}

function bandLimit({ min, max }: NonNullable<Slas['cpu']>): SlaJudgement['limit'] {
  return min === undefined ? max : [min, max];
}

function areDone({ tasks }: RunState, indices: readonly number[]): boolean {
  return indices.every((index) => unblocksDownstream(entryAt(tasks, index).state));
}

function areOver({ tasks }: RunState, indices: readonly number[]): boolean {
  return indices.every((index) => isOutcome(entryAt(tasks, index).state));
}

/** By time, or without an estimate by the number of tasks. */
function isPastHalf({ state, reading, forecast }: SlaInput): boolean {
  if (forecast !== undefined) return reading.runMs >= forecast.runMs;
  return state.open <= state.plan.tasks.length / 2;
}

function speedOf({ state, reading, past, forecast }: SlaInput, stage: { isOver: boolean; isPastHalf: boolean }) {
  const { plan, options, tasks } = state;
  const before = past.findLast(
    (record) =>
      record.sequential &&
      record.status === 'success' &&
      record.results.length === plan.tasks.length &&
      record.results.every(({ task }) => plan.indexOf.has(task)) &&
      areComparable(record, options.params),
  );
  return {
    ...stage,
    busyMs: reading.busyMs,
    activeMs: reading.activeMs,
    leftMs: forecast?.runMs,
    isSequential: options.sequential,
    isDone: areDone(
      state,
      plan.tasks.map(({ index }) => index),
    ),
    tasks: plan.tasks.filter(({ index }) => entryAt(tasks, index).attempts > 0).length,
    sequential: before && { run: before.run_id, activeMs: before.active_seconds * 1000 },
  };
}

function successesOf({ state, past }: SlaInput): Successes {
  const counted = past.filter(({ status }) => status !== 'cancelled').map(({ status }) => status === 'success');
  return { past: counted, current: successOf(state) };
}

function successOf(state: RunState): Successes['current'] {
  if (state.phase.kind !== 'finished') return rootCausesOfRun(state).length > 0 ? 'failing' : 'open';
  switch (exitVerdict(state)) {
    case 'success':
    case 'sla-missed':
      return 'succeeded';
    case 'task-failed':
    case 'check-failed':
      return 'failed';
    case 'cancelled':
      return 'cancelled';
  }
}
