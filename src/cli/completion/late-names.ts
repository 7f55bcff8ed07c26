import type { Invocation } from '../invocation.ts';
import type { NameSource } from './value-kinds.ts';

/** The names of a project. What finds them is large, and loaded for them only: most completions are of commands and options. */
export function lateNames(invocation: Pick<Invocation, 'cwd'>): NameSource {
  const load = async () => (await import('./project-names.ts')).projectNames(invocation);
  return {
    pipeline: async (call) => (await load()).pipeline(call),
    runs: async (call, which) => (await load()).runs(call, which),
    tasksOf: async (call, run) => (await load()).tasksOf(call, run),
    handoffs: async (call) => (await load()).handoffs(call),
  };
}
