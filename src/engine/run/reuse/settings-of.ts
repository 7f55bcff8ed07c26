import { createHash } from 'node:crypto';
import type { Database } from '../../database/database.ts';
import { maskByName } from '../../masking/mask-plan.ts';
import type { TaskSpec } from '../../model/pipeline/pipeline.ts';
import type { Settings } from '../../model/run/reuse.ts';
import { taskUsesDatabase } from '../parts/open-run-database.ts';
import type { RunMasking } from '../parts/run-masking.ts';
import { expandEnv } from '../request/resolve-params.ts';
import { maskedParams, nameOfDatabase } from '../request/run-options.ts';
import type { RunRequest } from '../request/run-request.ts';
import { variablesInFiles } from '../request/surroundings.ts';

/**
 * Makes what the settings of tasks are compared by. Everything is masked before it is hashed: of what is secret only
 * counts whether it is set, so that a new password runs nothing again and no hash tells one.
 * @param database that of the run, which its tasks are given
 */
export function createSettings(
  { plan, params, env, envFiles }: RunRequest,
  { mask }: Pick<RunMasking, 'mask'>,
  database: Database | undefined,
): (task: TaskSpec) => Promise<Settings> {
  const { pipeline } = plan;
  const maskNamed = maskByName(pipeline.secrets, mask);
  const hashedParams = hashValues(maskedParams({ params, plan }, mask) ?? {});
  const isSet = Object.fromEntries(pipeline.secrets.map((name) => [name, env[name] ? 'set' : 'not set']));
  // Of what is in a file of variables, all of which is secret, only counts that it is there.
  const hidden = hideValues([...(envFiles?.values() ?? [])]);
  const lookedUp = { ...env, ...hidden };
  let identity: Promise<string | undefined> | undefined;
  const databaseOf = async (task: TaskSpec): Promise<Pick<Settings, 'database'>> => {
    // That of the project is opened for a run in which a task uses it, and says nothing about the others.
    if (database === undefined || (database.source === 'embedded' && !taskUsesDatabase(task, pipeline))) return {};
    identity ??= database.identity();
    return { database: hash(`${nameOfDatabase(database)} ${(await identity) ?? ''}`) };
  };
  return async (task) => {
    const { command, fallback, dir, env: own } = task;
    const given = Object.entries(expandEnv({ ...pipeline.env, ...own }, params, lookedUp));
    const inFiles = hideValues(
      [pipeline.envFiles, task.envFiles].map((files) => variablesInFiles(files, envFiles) ?? {}),
    );
    const variables = Object.fromEntries(given.map(([variable, value]) => [variable, maskNamed(variable, value)]));
    return {
      command: hash(mask(JSON.stringify([command, fallback?.command, dir?.path]))),
      params: hashedParams,
      variables: hashValues({ ...isSet, ...inFiles, ...variables }),
      ...(await databaseOf(task)),
    };
  };
}

function hideValues(files: readonly Readonly<Record<string, string>>[]): Readonly<Record<string, string>> {
  return Object.fromEntries(files.flatMap((file) => Object.keys(file).map((name) => [name, '***'])));
}

function hashValues(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, hash(value)]));
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
