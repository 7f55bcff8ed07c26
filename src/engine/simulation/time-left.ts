import type { EpochMs, LevelId } from '../model/ids.ts';
import { ofTaskOrFamily, type PastRuns } from '../model/run/past-runs.ts';
import type { RunState } from '../model/run/run-state.ts';
import { isOutcome } from '../model/run/task-state.ts';
import { entryAt } from '../model/run/task-table.ts';
import { type Estimate, forecastOf, type MachineSize } from './forecast.ts';
import type { SimulatedRun } from './observe-run.ts';
import { createSimulation, type Simulation } from './simulate-run.ts';

/** How long a run will still take; a range as well when little is known. In ms, `lowMs` <= `ms` <= `highMs`. */
export type TimeLeft = {
  readonly ms: number;
  readonly lowMs?: number;
  readonly highMs?: number;
  /** An attempt takes longer than any before, so that the rest may take longer than this as well. */
  readonly overdue?: true;
  /** For each level that has a limit and is not over; without a range, or with the longest times known. */
  readonly levels?: ReadonlyMap<LevelId, LevelLeft>;
};

/** When a level will begin and end, in ms from now; one that has begun begins at 0. */
export type LevelLeft = { readonly startMs: number; readonly endMs: number };

/** The estimate of the time left, made in parts like a simulation. */
export type TimeLeftEstimate = {
  /** Does at most so many steps; returns whether it is complete. */
  advance(steps: number): boolean;
  /** Undefined before it is complete, and when nothing can be said. */
  result(): TimeLeft | undefined;
};

/** From so many earlier runs on, their median is told without a range. */
const enoughRuns = 3;
/** Of the tasks that are still to end, at least this share must have a history. */
const minKnown = 0.5;

/** How long the rest of a run will take, as earlier runs tell; see `estimateTimeLeft`. */
export function timeLeft(state: RunState, past: PastRuns, machine: MachineSize, now: EpochMs): TimeLeft | undefined {
  const estimate = estimateTimeLeft(state, past, machine, now);
  estimate.advance(Number.POSITIVE_INFINITY);
  return estimate.result();
}

/**
 * Estimates how long the rest of a run will take, by playing it with what earlier runs tell. With fewer than three runs of
 * a task that is still to end, it is also played with the shortest and with the longest durations known. Nothing is
 * said of a run that is paused or over, or waits for something outside it, of one without history, and when the tasks took
 * longer than ever before.
 */
export function estimateTimeLeft(
  state: RunState,
  past: PastRuns,
  machine: MachineSize,
  now: EpochMs,
): TimeLeftEstimate {
  const left = new Map<Estimate, number>();
  let levels: ReadonlyMap<LevelId, LevelLeft> = new Map();
  const waiting = [...estimatesFor(state, past)];
  const play = (estimate: Estimate) => createSimulation(state, forecastOf(state.plan, past, machine, estimate), now);
  let playing: { readonly estimate: Estimate; readonly simulation: Simulation } | undefined;
  let isOver = false;

  const next = () => {
    const estimate = waiting.shift();
    if (estimate === undefined) isOver = true;
    else playing = { estimate, simulation: play(estimate) };
  };
  next();
  return {
    advance: (steps) => {
      while (!isOver && playing?.simulation.advance(steps)) {
        const played = playing.simulation.result();
        if (played.isFinished) {
          left.set(playing.estimate, played.durationMs);
          if (playing.estimate !== 'low') levels = levelsLeft(state, played);
        }
        next();
        if (Number.isFinite(steps)) break;
      }
      return isOver;
    },
    result: () => {
      const [ms, low, high] = [left.get('usual'), left.get('low'), left.get('high')];
      if (!isOver || ms === undefined || ms <= 0) return undefined;
      const more = {
        ...(isOverdue(state, past, now) ? { overdue: true as const } : {}),
        ...(levels.size === 0 ? {} : { levels }),
      };
      if (low === undefined || high === undefined) return { ms, ...more };
      return { ms, lowMs: Math.min(low, ms), highMs: Math.max(high, ms), ...more };
    },
  };
}

/** Whether an attempt that runs has taken longer than any of its task before. */
function isOverdue({ plan, tasks }: RunState, past: PastRuns, now: EpochMs): boolean {
  return plan.tasks.some(({ index, spec }) => {
    const { state } = entryAt(tasks, index);
    const longest = ofTaskOrFamily(past.tasks, spec.id)?.durationsMs.at(-1);
    return state.kind === 'running' && longest !== undefined && now - state.startedAt > longest;
  });
}

function levelsLeft({ plan, tasks }: RunState, { startMs, endMs }: SimulatedRun): ReadonlyMap<LevelId, LevelLeft> {
  const found = new Map<LevelId, LevelLeft>();
  for (const level of plan.pipeline.slas.levelsMs.keys()) {
    const members = plan.levels.get(level) ?? [];
    const ends = members.map((index) => endMs[index]!).filter(Number.isFinite);
    if (ends.length === 0) continue;
    const hasBegun = members.some((index) => entryAt(tasks, index).startedAt !== undefined);
    const starts = members.map((index) => startMs[index]!).filter(Number.isFinite);
    found.set(level, { startMs: hasBegun ? 0 : Math.min(...starts), endMs: Math.max(...ends) });
  }
  return found;
}

function estimatesFor(state: RunState, past: PastRuns): readonly Estimate[] {
  const isUnderWay = state.phase.kind === 'running' || state.phase.kind === 'draining';
  if (!isUnderWay || state.paused || state.awaiting > 0) return [];
  switch (historyOf(state, past)) {
    case 'none':
      return [];
    case 'thin':
      return ['usual', 'low', 'high'];
    case 'enough':
      return ['usual'];
  }
}

/** Whether enough is known of the tasks that are still to end. */
function historyOf({ plan, tasks }: RunState, past: PastRuns): 'none' | 'thin' | 'enough' {
  let [open, known, enough] = [0, 0, 0];
  for (const { index, spec, end } of plan.tasks) {
    // In a run in which everything succeeds, what is there for failures does not run.
    if (end?.when === 'on-failure' || isOutcome(entryAt(tasks, index).state)) continue;
    const runs = ofTaskOrFamily(past.tasks, spec.id)?.durationsMs.length ?? 0;
    open += 1;
    known += Number(runs > 0);
    enough += Number(runs >= enoughRuns);
  }
  if (past.tasks.size === 0 || known < open * minKnown) return 'none';
  return enough === open ? 'enough' : 'thin';
}
