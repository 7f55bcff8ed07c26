import type { EpochMs, LevelId } from '../../model/ids.ts';
import type { PastRuns } from '../../model/run/past-runs.ts';
import type { RunState } from '../../model/run/run-state.ts';
import { machineSize } from '../../resources/machine-size.ts';
import { estimateTimeLeft, type LevelLeft, type TimeLeft } from '../../simulation/time-left.ts';

/** Tells the time left of a run, whenever it is asked. */
export type TimeLeftFollower = {
  /** Cheap: counts down from the last estimate, and has a new one made when that is old. */
  timeLeft(): TimeLeft | undefined;
  stop(): void;
};

const minAgeMs = 1_000;
/** An estimate is used so many times as long as it took to make. */
const costFactor = 150;
/** How much of an estimate is made at a time: some milliseconds, so that keys and frames do not wait. */
const stepsAtOnce = 200;
const pauseMs = 50;

/**
 * @param past called once, when the time left is asked for
 * @param now in ms, for the age of an estimate; the time of the run is in its events
 */
export function followTimeLeft(
  state: () => RunState,
  past: () => Promise<PastRuns>,
  now: () => EpochMs,
): TimeLeftFollower {
  const machine = machineSize();
  let known: PastRuns | undefined;
  let isAsked = false;
  let latest: { readonly left: TimeLeft | undefined; readonly at: EpochMs } | undefined;
  let freshUntil = 0;
  let timer: NodeJS.Timeout | undefined;
  let isEstimating = false;
  let isStopped = false;

  const estimate = (from: PastRuns) => {
    const [subject, at] = [state(), now()];
    isEstimating = true;
    let costMs = 0;
    let work: ReturnType<typeof estimateTimeLeft> | undefined;
    const proceed = () => {
      if (isStopped) return;
      const began = performance.now();
      work ??= estimateTimeLeft(subject, from, { ...machine, cores: coresOf(subject) ?? machine.cores }, at);
      const isComplete = work.advance(stepsAtOnce);
      costMs += performance.now() - began;
      if (!isComplete) {
        timer = setTimeout(proceed, pauseMs).unref();
        return;
      }
      latest = { left: work.result(), at };
      freshUntil = performance.now() + Math.max(minAgeMs, costMs * costFactor);
      isEstimating = false;
    };
    proceed();
  };

  return {
    timeLeft: () => {
      if (isStopped) return undefined;
      if (!isAsked) {
        isAsked = true;
        void past().then((read) => {
          known = read;
        });
      }
      const { phase, paused } = state();
      if (phase.kind === 'finished' || phase.kind === 'planned' || paused) return undefined;
      if (known !== undefined && !isEstimating && performance.now() >= freshUntil) estimate(known);
      return latest?.left === undefined ? undefined : countDown(latest.left, now() - latest.at);
    },
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

function countDown({ ms, lowMs, highMs, overdue, levels }: TimeLeft, passedMs: number): TimeLeft | undefined {
  const left = (then: number) => Math.max(0, then - passedMs);
  if (left(ms) === 0) return undefined;
  const later = ([level, { startMs, endMs }]: readonly [LevelId, LevelLeft]) =>
    [level, { startMs: left(startMs), endMs: left(endMs) }] as const;
  return {
    ms: left(ms),
    ...(lowMs === undefined || highMs === undefined ? {} : { lowMs: left(lowMs), highMs: left(highMs) }),
    ...(overdue === undefined ? {} : { overdue }),
    ...(levels === undefined ? {} : { levels: new Map([...levels].map(later)) }),
  };
}

/** The cores of all hosts together; undefined when tasks run on this machine, or no host is there. */
function coresOf({ hosts = [] }: RunState): number | undefined {
  const there = hosts.filter(({ accepting }) => accepting);
  return there.length === 0 ? undefined : there.reduce((sum, { load, slots }) => sum + (load?.cores ?? slots), 0);
}
