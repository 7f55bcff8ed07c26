import type { EpochMs, LevelId, TaskId } from '../../model/ids.ts';
import { ownValue } from '../../model/own-value.ts';
import { anyValue, familyOf } from '../../model/pipeline/matrix.ts';
import type { Plan } from '../../model/pipeline/plan.ts';
import type { ResourceSample } from '../../model/run/resource-sample.ts';
import { hasGoneOn } from '../../model/run/resume-decision.ts';
import { endOfAttempt, type RunContinued, type RunEvent } from '../../model/run/run-event.ts';
import { createAttemptMeter } from '../attempt-meter.ts';
import { createStopwatch, type Stopwatch } from './stopwatch.ts';
import { createUsageMeter, type Usage } from './usage-meter.ts';

/**
 * What a run is measured by its SLAs with; times in ms. Those of the run and of its levels are without the time in which
 * they waited for a person: while nothing runs because the run is paused, and between an end and the moment when somebody
 * takes it up again.
 */
export type SlaReading = {
  readonly runMs: number;
  /** How long the run waited for a person; of a run that is over, up to its end when it is read for that moment. */
  readonly personMs: number;
  /** From the first start of one of its tasks to the last end; levels that have not begun are absent. */
  readonly levels: ReadonlyMap<LevelId, number>;
  /** All attempts together, and how long at least one of them ran. */
  readonly busyMs: number;
  readonly activeMs: number;
  readonly usage: Usage;
};

export type SlaMeter = {
  /** Events and samples of the run, in the order of their time. */
  onEvent(event: RunEvent): void;
  onSample(sample: ResourceSample): void;
  reading(now: EpochMs): SlaReading;
};

type LevelWatch = {
  readonly open: Set<TaskId>;
  readonly watch: Stopwatch;
  /** Whether one of its tasks has started since it was last over. */
  hasBegun: boolean;
  wasEverBegun: boolean;
  /** Of its tasks, however late it was told. */
  lastEnd: EpochMs;
};

export function createSlaMeter({ pipeline, levels, tasks }: Plan): SlaMeter {
  const attempts = createAttemptMeter();
  const usage = createUsageMeter();
  const [run, person] = [createStopwatch(), createStopwatch()];
  const watches = new Map<LevelId, LevelWatch>();
  const watchOf = new Map<TaskId, LevelWatch>();
  const watchOfFamily = new Map<TaskId, LevelWatch>();
  for (const level of pipeline.slas.levelsMs.keys()) {
    const names = (levels.get(level) ?? []).map((index) => tasks[index]!.spec.id);
    const watch = {
      open: new Set(names),
      watch: createStopwatch(),
      hasBegun: false,
      wasEverBegun: false,
      lastEnd: 0 as EpochMs,
    };
    watches.set(level, watch);
    for (const name of names) {
      watchOf.set(name, watch);
      const family = familyOf(name);
      if (family !== undefined) watchOfFamily.set(family, watch);
    }
  }
  let isUnderWay = false;
  let isPaused = false;
  let hasEnded = false;

  const followTask = (event: RunEvent & { readonly task: TaskId }) => {
    const { task, type } = event;
    // An instance that came out of a file takes the place of the one that stood for all.
    const level = watchOf.get(task) ?? watchOfFamily.get(familyOf(task) ?? task);
    if (level === undefined) return;
    if (!watchOf.has(task) && type === 'task.started') {
      for (const one of level.open)
        if (familyOf(one) === familyOf(task) && one.includes(anyValue)) level.open.delete(one);
      level.open.add(task);
      watchOf.set(task, level);
    }
    if (type === 'task.started') {
      level.hasBegun = true;
      level.wasEverBegun = true;
    } else if (type === 'task.reset') level.open.add(task);
    else if (type === 'task.finished') {
      level.open.delete(task);
      level.lastEnd = Math.max(level.lastEnd, endOfAttempt(event)) as EpochMs;
      if (level.open.size > 0) return;
      level.hasBegun = false;
      level.watch.set(false, level.lastEnd);
    }
  };
  /** A level goes on with the first of its tasks that starts, or at once with one that still runs. */
  const resume = ({ decisions }: RunContinued) => {
    [isUnderWay, hasEnded] = [true, false];
    for (const level of watches.values()) level.hasBegun = false;
    for (const [task, level] of watchOf) {
      const decision = ownValue(decisions, task);
      if (decision !== undefined && decision.kind !== 'reused') level.open.add(task);
      if (decision?.kind === 'adopted') level.hasBegun = true;
    }
  };
  const follow = (event: RunEvent) => {
    if ('task' in event) return followTask(event);
    if (event.type === 'run.started' || event.type === 'run.reopened') [isUnderWay, hasEnded] = [true, false];
    else if (event.type === 'run.continued') resume(event);
    else if (event.type === 'run.finished') [isUnderWay, hasEnded] = [false, true];
    else if (event.type === 'run.paused') isPaused = true;
    else if (event.type === 'run.resumed') isPaused = false;
  };
  /** Nothing went on since then, and nobody was waited for that could have let it. */
  const stopAll = (at: EpochMs) => {
    run.set(false, at);
    person.set(false, at);
    for (const { watch } of watches.values()) watch.set(false, at);
  };

  return {
    onEvent: (event) => {
      attempts.onEvent(event);
      if (event.type === 'run.continued' && !hasGoneOn(event.decisions)) stopAll(event.stoppedAt);
      follow(event);
      const waits = hasEnded || (isPaused && attempts.running() === 0);
      person.set(waits, event.at);
      run.set(isUnderWay && !waits, event.at);
      for (const { watch, hasBegun } of watches.values()) watch.set(hasBegun && isUnderWay && !waits, event.at);
    },
    onSample: (sample) => usage.onSample(sample, attempts.running() > 0),
    reading: (now) => ({
      runMs: run.readMs(now),
      personMs: person.readMs(now),
      levels: new Map(
        [...watches].flatMap(([level, { watch, wasEverBegun }]) =>
          wasEverBegun ? [[level, watch.readMs(now)] as const] : [],
        ),
      ),
      busyMs: attempts.busyMs(now),
      activeMs: attempts.activeMs(now),
      usage: usage.reading(),
    }),
  };
}
