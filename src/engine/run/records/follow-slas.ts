import type { EpochMs } from '../../model/ids.ts';
import type { Plan } from '../../model/pipeline/plan.ts';
import type { ResourceSample } from '../../model/run/resource-sample.ts';
import type { RunEvent } from '../../model/run/run-event.ts';
import type { RunState } from '../../model/run/run-state.ts';
import type { PerformanceRecord } from '../../results/files/performance-record.ts';
import { hasSlas, judgeSlas, type SlaForecast } from '../../results/slas/judge-slas.ts';
import type { SlaJudgement } from '../../results/slas/sla-judgement.ts';
import { createSlaMeter } from '../../results/slas/sla-meter.ts';
import type { TimeLeft } from '../../simulation/time-left.ts';

/** Judges a run by its SLAs, whenever it is asked. */
export type SlaFollower = {
  /** To be called with every event and sample of the run, in their order. */
  onEvent(event: RunEvent): void;
  onSample(sample: ResourceSample): void;
  /** Cheap: at most twice a second they are judged anew. Empty before the run has begun, and without SLAs. */
  slas(): readonly SlaJudgement[];
  /** With earlier runs at hand, as at the end. */
  judge(state: RunState, past: readonly PerformanceRecord[]): readonly SlaJudgement[];
};

/** What is judged changes slowly, and large pipelines take some milliseconds. */
const maxAgeMs = 500;

export const withoutSlas: SlaFollower = { onEvent: () => {}, onSample: () => {}, slas: () => [], judge: () => [] };

export function followSlas(on: {
  /** The plan that holds at the end of the run. */
  readonly plan: Plan;
  readonly state: () => RunState;
  readonly now: () => EpochMs;
  /** The records of earlier runs, newest last; called once, when the SLAs are first asked for. */
  readonly past: () => Promise<readonly PerformanceRecord[]>;
  readonly timeLeft: () => TimeLeft | undefined;
}): SlaFollower {
  if (!hasSlas(on.plan.pipeline.slas)) return withoutSlas;
  const meter = createSlaMeter(on.plan);
  let known: readonly PerformanceRecord[] | undefined;
  let isAsked = false;
  let latest:
    | { readonly of: RunState['phase']; readonly until: number; readonly slas: readonly SlaJudgement[] }
    | undefined;

  const judge = (state: RunState, past: readonly PerformanceRecord[]) => {
    const left = on.timeLeft();
    const reading = meter.reading(state.finishedAt ?? on.now());
    return judgeSlas({ state, reading, past, ...(left === undefined ? {} : { forecast: forecastOf(left) }) });
  };
  return {
    onEvent: meter.onEvent,
    onSample: meter.onSample,
    judge,
    slas: () => {
      if (!isAsked) {
        isAsked = true;
        void on.past().then((records) => {
          known = records;
        });
      }
      const state = on.state();
      const { phase } = state;
      // Without earlier runs, some would be judged otherwise than a moment later.
      if (known === undefined || phase.kind === 'planned') return [];
      if (latest === undefined || latest.of !== phase || performance.now() >= latest.until) {
        latest = { of: phase, until: performance.now() + maxAgeMs, slas: judge(state, known) };
      }
      return latest.slas;
    },
  };
}

function forecastOf({ ms, highMs = ms, overdue, levels = new Map() }: TimeLeft): SlaForecast {
  return {
    runMs: highMs,
    isUncertain: overdue === true,
    levelsMs: new Map([...levels].map(([level, { startMs, endMs }]) => [level, endMs - startMs])),
  };
}
