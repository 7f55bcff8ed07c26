import { type Finding, notMeasured, rounded } from './sla-judgement.ts';

export type Speed = {
  /** All attempts together, and how long at least one of them ran, in ms. */
  readonly busyMs: number;
  readonly activeMs: number;
  /** How long the run will still take at most; undefined when nothing is known. */
  readonly leftMs: number | undefined;
  readonly isSequential: boolean;
  readonly isOver: boolean;
  readonly isDone: boolean;
  /** Whether the greater part of the run is behind it. */
  readonly isPastHalf: boolean;
  /** How many tasks have run. */
  readonly tasks: number;
  /** The last sequential run of the same tasks with the same parameters. */
  readonly sequential: { readonly run: string; readonly activeMs: number } | undefined;
};

/**
 * Whether the run is at least so many times as fast as one task at a time. It is compared with the last sequential run, when
 * there is one: tasks that run side by side slow each other down, so that their own times flatter. Otherwise the times of
 * its tasks, added up, stand for that run. In neither does the time count in which nothing ran.
 */
export function judgeSpeedup(speed: Speed, wanted: number): Finding {
  const { isSequential, isOver, isDone, tasks, activeMs } = speed;
  if (isSequential) return notMeasured('the run is sequential');
  if (isOver && !isDone) return notMeasured('not all tasks finished');
  if (isOver && (tasks < 2 || activeMs === 0)) return notMeasured('fewer than two tasks ran');
  if (tasks < 2 || activeMs === 0) return { status: 'open', message: `limit at least ${wanted} times` };
  return speed.sequential === undefined ? byTaskTimes(speed, wanted) : bySequentialRun(speed, speed.sequential, wanted);
}

function byTaskTimes({ busyMs, activeMs, isOver, isPastHalf }: Speed, wanted: number): Finding {
  const measured = busyMs / activeMs;
  const message = `${times(measured, wanted)} as fast as one task at a time, limit at least ${wanted}`;
  const isEnough = rounded(measured) >= wanted;
  if (isOver) return { status: isEnough ? 'met' : 'missed', measured: rounded(measured), message };
  return { status: isEnough || !isPastHalf ? 'open' : 'at-risk', measured: rounded(measured), message };
}

function bySequentialRun(
  { busyMs, activeMs, leftMs, isOver }: Speed,
  before: NonNullable<Speed['sequential']>,
  wanted: number,
): Finding {
  const speed = (ms: number) => before.activeMs / ms;
  const than = `as the sequential run ${before.run}, limit at least ${wanted}`;
  // Until the end it can only become slower.
  const measured = rounded(speed(activeMs));
  if (isOver) {
    const own = `; its tasks together took ${times(busyMs / activeMs)} as long`;
    return {
      status: measured >= wanted ? 'met' : 'missed',
      measured,
      message: `${times(measured, wanted)} as fast ${than}${own}`,
    };
  }
  if (measured < wanted)
    return { status: 'missed', measured, message: `at most ${times(measured, wanted)} as fast ${than}` };
  const expected = leftMs === undefined ? undefined : speed(activeMs + leftMs);
  if (expected === undefined) return { status: 'open', message: `limit at least ${wanted} times` };
  const message = `may become ${times(expected, wanted)} as fast ${than}`;
  return { status: expected < wanted ? 'at-risk' : 'open', measured: rounded(expected), message };
}

/** With a second decimal where one would read like what is wanted, and is less. */
function times(factor: number, wanted?: number): string {
  const isAmbiguous = wanted !== undefined && factor < wanted && Number(factor.toFixed(1)) >= wanted;
  return `${factor.toFixed(isAmbiguous ? 2 : 1)} times`;
}
