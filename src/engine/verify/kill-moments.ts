/**
 * Random moments of a task's work, one in each of `kills` parts of equal length, so that it is killed early and late.
 * They depend only on the seed and the task.
 * @param durationMs how long its work takes
 */
export function killMoments(seed: number, task: string, kills: number, durationMs: number): readonly number[] {
  const random = randomFrom(seed, task);
  return Array.from({ length: kills }, (_, part) => Math.round(((part + random()) / kills) * durationMs));
}

/** Numbers from [0, 1): FNV-1a of the name, then a linear congruential generator with a finalizer. */
function randomFrom(seed: number, name: string): () => number {
  let state = (0x811c9dc5 ^ seed) >>> 0;
  for (let at = 0; at < name.length; at += 1) state = Math.imul(state ^ name.charCodeAt(at), 0x01000193) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32;
  };
}
