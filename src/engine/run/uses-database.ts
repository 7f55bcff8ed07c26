import type { Plan } from '../model/plan.ts';

const clues = /\b(DATABASE_URL|PG[A-Z]{4,}|psql|pg_dump|pg_restore)\b/;

/**
 * Whether a run of the plan needs a database: a task declares connections, there is a check, or a command names it. For a
 * plan that does not, no server is started.
 */
export function usesDatabase({ tasks, checks, pipeline }: Plan, runChecks: boolean): boolean {
  if (runChecks && checks.length > 0) return true;
  return tasks.some(({ spec, skip }) => {
    if (skip) return false;
    if (spec.connections > 0) return true;
    const words = spec.command.kind === 'argv' ? spec.command.argv : [spec.command.script];
    return [...words, ...Object.values(spec.env), ...Object.values(pipeline.env)].some((text) => clues.test(text));
  });
}
