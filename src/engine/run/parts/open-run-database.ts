import { databaseVariables } from '../../database/connection/database-from-environment.ts';
import { clientEnvironment } from '../../database/connection/libpq-variables.ts';
import type { Database } from '../../database/database.ts';
import { openDatabase } from '../../lazy-database.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { RunId } from '../../model/ids.ts';
import type { Command, PipelineSpec, TaskSpec } from '../../model/pipeline/pipeline.ts';
import type { Plan } from '../../model/pipeline/plan.ts';
import { ok, type Result } from '../../model/result.ts';
import type { RunRequest } from '../request/run-request.ts';

type Env = Readonly<Record<string, string | undefined>>;

export type RunDatabase = {
  /** Undefined when the run needs none. */
  readonly database: Database | undefined;
  /** What tasks inherit; it names no other database than this one. */
  readonly env: Env;
};

/**
 * Opens the run's database. A plan that uses one gets it or the error; any other plan gets that of DATABASE_URL, which is
 * what its tasks will expect, or a warning when that does not answer. Without a name the project's own server is started
 * for a plan that uses one only, and the variables of libpq stay as they are for any other.
 */
export async function openRunDatabase(request: RunRequest, run: RunId): Promise<Result<RunDatabase, Diagnostic>> {
  const { plan, projectDir, env, runChecks, onProgress, onWarning } = request;
  const isUsed = usesDatabase(plan, runChecks);
  if (!isUsed && !env['DATABASE_URL']) return ok({ database: undefined, env });
  const opened = await openDatabase({
    projectDir,
    env,
    applicationName: `etl-tui:${run}`,
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(onWarning === undefined ? {} : { onWarning }),
  });
  if (opened.ok) return ok({ database: opened.value, env: clientEnvironment(env, {}) });
  if (isUsed) return opened;
  onWarning?.({
    ...opened.error,
    severity: 'warning',
    hint: 'the pipeline does not use the database, so the run continues without it',
  });
  return ok({ database: undefined, env: clientEnvironment(env, databaseVariables(env)) });
}

const databaseMentions = /\b(DATABASE_URL|PG[A-Z]{4,}|psql|pg_dump|pg_restore|db sql)\b/;

/**
 * Whether a run of the plan needs a database: a task declares connections, a check asks one, or a command names it. For a
 * plan that does not, no server is started.
 */
export function usesDatabase(plan: Plan, runChecks: boolean): boolean {
  const { tasks, pipeline } = plan;
  if (runChecks && checksUseDatabase(plan)) return true;
  return tasks.some(({ spec, skip }) => !skip && taskUsesDatabase(spec, pipeline));
}

/** Whether the task declares connections, or one of its commands or a variable names the database. */
export function taskUsesDatabase(spec: TaskSpec, pipeline: PipelineSpec): boolean {
  const { onlyIf, waitFor } = spec;
  const asked = [
    ...(onlyIf === undefined ? [] : [onlyIf.command]),
    ...(waitFor?.for.kind === 'command' ? [waitFor.for.command] : []),
  ];
  return (
    spec.connections > 0 ||
    namesDatabase(spec.command, spec.env, pipeline.env) ||
    asked.some((command) => namesDatabase(command))
  );
}

/** Whether one of the checks asks the database itself, or is a command that names it. */
export function checksUseDatabase({ checks, pipeline }: Plan): boolean {
  return checks.some(
    ({ spec: { definition } }) => definition.kind !== 'command' || namesDatabase(definition.command, pipeline.env),
  );
}

function namesDatabase(command: Command, ...variables: readonly Readonly<Record<string, string>>[]): boolean {
  const words = command.kind === 'argv' ? command.argv : [...(command.shell ?? []), command.script];
  return [...words, ...variables.flatMap((one) => Object.values(one))].some((text) => databaseMentions.test(text));
}
