import { resolve } from 'node:path';
import { formatCount } from '../../display/format/format-count.ts';
import { taskCountText } from '../../display/task-count-text.ts';
import {
  type Diagnostic,
  type examineProject,
  findPipeline,
  fine,
  maskDiagnostics,
  type Plan,
  type ProbeResult,
  readSurroundings,
  resultFrom,
} from '../../engine/index.ts';
import type { Invocation } from '../invocation.ts';
import { loadPlan } from '../run/load-plan.ts';
import { placed } from './placed.ts';

type ExamineRequest = Parameters<typeof examineProject>[0];

export type ReadProject = {
  /** As people should see it; undefined when there is none. */
  readonly file: string | undefined;
  readonly request: ExamineRequest;
  /** What the pipeline itself is like. */
  readonly results: readonly ProbeResult[];
};

/** The project and its pipeline as far as they can be read. A pipeline that was not named need not be there. */
export function readProject(
  given: string | undefined,
  logDir: string | undefined,
  { cwd, env }: Pick<Invocation, 'cwd' | 'env'>,
): ReadProject {
  const found = findPipeline(given, cwd);
  const projectDir = found.ok ? found.value.projectDir : cwd;
  const bare = { projectDir, logDir: resolve(logDir === undefined ? projectDir : cwd, logDir ?? 'logs/etl'), env };
  if (!found.ok) {
    const isNone = given === undefined && found.error.code === 'usage/no-pipeline';
    const none = fine('pipeline', 'none here or in a directory above; what belongs to one was not looked at');
    return { file: undefined, request: bare, results: [isNone ? none : resultFrom('pipeline', found.error)] };
  }
  const { file } = found.value;
  const { loaded, diagnostics } = loadPlan(given, { cwd, env }, {}, new Map(), 'nothing');
  if (loaded === undefined) return { file, request: bare, results: [mistaken(diagnostics)] };
  const { plan } = loaded;
  const valid = fine('pipeline', `${file} is valid: ${holds(plan)}`);
  const around = readSurroundings(plan, projectDir, env);
  const texts = new Map([[file, found.value.text]]);
  const mistakes = around.ok ? [] : maskDiagnostics(around.error, texts, env, new Map()).diagnostics;
  const results = [valid, ...[...diagnostics, ...mistakes].map((one) => resultFrom('pipeline', placed(one)))];
  const pipeline = {
    plan,
    // Values that are missing are asked for when a run starts.
    params: loaded.params,
    envFiles: around.ok ? around.value.envFiles : new Map<string, Record<string, string>>(),
  };
  return { file, request: { ...bare, env: around.ok ? around.value.env : env, pipeline }, results };
}

/** The first mistake stands for all of them. */
function mistaken(diagnostics: readonly Diagnostic[]): ProbeResult {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  // Without one there is a plan.
  if (first === undefined) throw new Error('a pipeline without a plan has no mistake');
  const count = errors.reduce((sum, { more = 1 }) => sum + more, 0);
  const all = count === 1 ? undefined : `etl-tui validate names all ${formatCount(count, 'mistake')}`;
  const { hint, ...told } = placed(first);
  const advice = [hint, all].filter((one) => one !== undefined).join('; ');
  return resultFrom('pipeline', { ...told, ...(advice === '' ? {} : { hint: advice }) });
}

function holds({ tasks, checks }: Plan): string {
  return [
    taskCountText(tasks.map(({ spec }) => spec)),
    ...(checks.length === 0 ? [] : [formatCount(checks.length, 'check')]),
  ].join(', ');
}
