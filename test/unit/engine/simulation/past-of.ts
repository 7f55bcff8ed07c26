import type { TaskId } from '../../../../src/engine/model/ids.ts';
import { medianOf } from '../../../../src/engine/model/median.ts';
import type { PastRuns, PastTask } from '../../../../src/engine/model/run/past-runs.ts';

type Sketch = number | readonly number[] | ({ readonly ms: number } & Omit<PastTask, 'durationsMs' | 'medianMs'>);

/** What earlier runs tell, by task: its duration in ms, several of them, or one with what it used; `check NAME` is a check. */
export function pastOf(sketches: Readonly<Record<string, Sketch>>): PastRuns {
  const tasks = new Map<TaskId, PastTask>();
  const checksMs = new Map<string, number>();
  for (const [name, sketch] of Object.entries(sketches)) {
    if (name.startsWith('check ')) checksMs.set(name.slice('check '.length), Number(sketch));
    else tasks.set(name as TaskId, pastTask(sketch));
  }
  return { runs: 1, tasks, checksMs };
}

function pastTask(sketch: Sketch): PastTask {
  if (typeof sketch === 'number') return pastTask([sketch]);
  if ('ms' in sketch) {
    const { ms, ...needs } = sketch;
    return { durationsMs: [ms], medianMs: ms, ...needs };
  }
  return { durationsMs: sketch, medianMs: medianOf(sketch)! };
}
