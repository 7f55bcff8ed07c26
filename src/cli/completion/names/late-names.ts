import type { Invocation } from '../../invocation.ts';
import type { NameSource } from '../value-kinds.ts';

/** The names of a project; what finds them is loaded for them only: most completions are of commands and options. */
export function lateNames({ cwd }: Pick<Invocation, 'cwd'>): NameSource {
  return {
    pipeline: async (call) => (await import('./pipeline-names.ts')).pipelineNames(call, cwd),
    runs: async (call, which) => (await import('./run-names.ts')).runNames(call, which, cwd),
    tasksOf: async (call, run) => (await import('./run-names.ts')).runTasks(call, run, cwd),
    handoffs: async (call) => (await import('./handoff-names.ts')).handoffNames(call, cwd),
  };
}
