import type { EpochMs } from '../model/ids.ts';
import type { RunEvent } from '../model/run/run-event.ts';
import type { RunState } from '../model/run/run-state.ts';
import { entryAt } from '../model/run/task-table.ts';
import type { Forecast } from './forecast.ts';

/** How a simulated run went; times in ms since its beginning, which may be the middle of the run. */
export type SimulatedRun = {
  readonly durationMs: number;
  /** False when it could not go on to its end, as when it is paused. */
  readonly isFinished: boolean;
  /** By task index; NaN for what did not happen. */
  readonly readyMs: Float64Array;
  readonly startMs: Float64Array;
  readonly endMs: Float64Array;
  /** The most at the same time, as far as the needs are known. */
  readonly peak: { readonly tasks: number } & Needs;
};

type Needs = { readonly cpu: number; readonly memoryBytes: number; readonly connections: number };

export type Observer = {
  onEvent(event: RunEvent): void;
  result(state: RunState, now: EpochMs): SimulatedRun;
};

export function createObserver({ plan, tasks }: RunState, forecast: Forecast, from: EpochMs): Observer {
  const moments = () => new Float64Array(plan.tasks.length).fill(Number.NaN);
  const [readyMs, startMs, endMs] = [moments(), moments(), moments()];
  const used = { tasks: 0, cpu: 0, memoryBytes: 0, connections: 0 };
  const peak = { ...used };
  const isRunning = new Uint8Array(plan.tasks.length);

  const change = (index: number, by: 1 | -1) => {
    if (isRunning[index] === (by === 1 ? 1 : 0)) return;
    isRunning[index] = by === 1 ? 1 : 0;
    used.tasks += by;
    used.cpu += by * forecast.cpu[index]!;
    used.memoryBytes += by * forecast.memoryBytes[index]!;
    used.connections += by * forecast.connections[index]!;
    for (const name of ['tasks', 'cpu', 'memoryBytes', 'connections'] as const)
      peak[name] = Math.max(peak[name], used[name]);
  };
  for (const { index } of plan.tasks) if (entryAt(tasks, index).state.kind === 'running') change(index, 1);

  return {
    onEvent: (event) => {
      if (!('task' in event)) return;
      const index = plan.indexOf.get(event.task)!;
      const ms = event.at - from;
      if (event.type === 'task.ready') readyMs[index] = ms;
      else if (event.type === 'task.started') {
        startMs[index] = ms;
        change(index, 1);
      } else if (event.type === 'task.finished' || event.type === 'task.backing-off') {
        endMs[index] = ms;
        change(index, -1);
      }
    },
    result: ({ phase }, now) => ({
      durationMs: now - from,
      isFinished: phase.kind === 'finished',
      readyMs,
      startMs,
      endMs,
      peak,
    }),
  };
}
