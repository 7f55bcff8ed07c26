import { findProgram } from '../../executors/process/find-program.ts';
import { noShell } from '../../executors/process/process-runner.ts';
import { programVersion } from '../../executors/process/program-version.ts';
import type { Probe } from '../probe.ts';
import { fine, resultFrom, resultOf } from '../probe-result.ts';

/** Every task is started through it. */
export const examineBash: Probe = async ({ env }) => {
  const path = findProgram('bash', env);
  if (path === undefined) return [resultFrom('bash', noShell)];
  const version = await programVersion(path, env);
  if (version.ok) return [fine('bash', `${version.value}, ${path}`)];
  return [resultOf('bash', 'problem', `${path} does not run: ${version.error}`, noShell.hint)];
};
