import { drawFraction } from '../model/draw-fraction.ts';

/**
 * Random moments of a task's work, one in each of `kills` parts of equal length, so that it is killed early and late.
 * They depend only on the seed and the task.
 * @param durationMs how long its work takes
 */
export function killMoments(seed: number, task: string, kills: number, durationMs: number): readonly number[] {
  return Array.from({ length: kills }, (_, part) =>
    Math.round(((part + drawFraction(seed, `${task}#${part}`)) / kills) * durationMs),
  );
}
