import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  commandLine,
  type Diagnostic,
  type EpochMs,
  failed,
  findQueuedRun,
  findResumableRun,
  ok,
  type Result,
  type ResumableRun,
  type RunRequest,
  type Selection,
  variableOfParam,
} from '../../engine/index.ts';
import type { Invocation } from '../invocation.ts';
import { loadPlan } from './load-plan.ts';
import { logDirOf } from './run-request.ts';

/** What a call says of the run that is to be resumed; what it does not say is as it was at the start. */
type ResumeCall = Selection & {
  /** True without a name. */
  readonly resume: string | true;
  readonly logDir?: string;
  readonly param?: ReadonlyMap<string, string>;
  readonly sequential?: true;
  readonly maxParallel?: number | 'auto';
  readonly executor?: Executor;
  readonly reuse?: boolean;
  readonly checks: boolean;
};

type Executor = RunRequest['executor'] | 'local';

/** The run with what it goes on with. */
export type ResumedCall = {
  readonly resume: ResumableRun;
  /** The pipeline file as it was named; undefined for the usual one. */
  readonly given: string | undefined;
  readonly selection: Selection;
  readonly param: ReadonlyMap<string, string>;
  readonly options: {
    readonly sequential?: true;
    readonly maxParallel?: number | 'auto';
    readonly reuse?: boolean;
    readonly checks: boolean;
    readonly executor: Executor;
  };
};

/**
 * Finds the run that a call wants to resume. Errors: mistakes of the call, those of `findResumableRun`; undefined when the pipeline file
 * is wrong, which whoever reads it next will tell.
 */
export async function resumeCall(
  named: string | undefined,
  call: ResumeCall,
  invocation: Invocation,
): Promise<Result<ResumedCall, readonly Diagnostic[]> | undefined> {
  const selected = selecting.find((option) => call[option] !== undefined);
  if (selected !== undefined) return failed([cannotSelect(selected)]);
  const { given, run } = apart(named, call.resume, invocation.cwd);
  const { loaded } = loadPlan(given, invocation, {}, undefined);
  if (loaded === undefined) return undefined;
  const { found, plan } = loaded;
  const wish = { logDir: logDirOf(call, found, invocation), pipeline: plan.pipeline.name };
  const wanted = run === undefined ? wish : { ...wish, named: run };
  const resumable = await findRun(wanted, call.executor, invocation.env);
  if (!resumable.ok) return failed([resumable.error]);
  const { executor = 'local' } = resumable.value.state.options;
  if ((call.executor ?? executor) !== executor) return failed([keepsExecutor(resumable.value.run, executor, given)]);
  const { options: former, plan: formerPlan, maxParallel } = resumable.value.state;
  const known = new Set(plan.pipeline.params.map(({ name }) => name));
  const kept = Object.entries(former.params ?? {}).filter(
    ([name]) => known.has(name) && call.param?.has(name) !== true,
  );
  const secret = kept.filter(([, value]) => value.includes('***'));
  if (secret.length > 0) return failed(secret.map(([name]) => isSecret(name, resumable.value.run)));
  const isSequential = call.sequential ?? (call.maxParallel === undefined && former.sequential ? true : undefined);
  const reuse = call.reuse ?? former.reuse;
  const limit = former.auto === true && maxParallel === former.maxParallel ? 'auto' : maxParallel;
  return ok({
    resume: resumable.value,
    given,
    selection: formerPlan.selection,
    param: new Map([...kept, ...(call.param ?? [])]),
    options: {
      ...(isSequential ? { sequential: isSequential } : {}),
      ...(former.sequential && call.maxParallel === undefined ? {} : { maxParallel: call.maxParallel ?? limit }),
      ...(reuse === undefined ? {} : { reuse }),
      checks: call.checks && former.runChecks,
      executor,
    },
  });
}

/** In the log directory here, or in the queue; one that has a copy here as well is what the queue says. */
async function findRun(
  wanted: Parameters<typeof findResumableRun>[0],
  executor: Executor | undefined,
  env: Invocation['env'],
): Promise<Result<ResumableRun, Diagnostic>> {
  if (executor === 'queue') return findQueuedRun(wanted, env);
  const found = await findResumableRun(wanted, Date.now() as EpochMs);
  const isCopy = found.ok && executor === undefined && found.value.state.options.executor === 'queue';
  return isCopy ? findQueuedRun({ ...wanted, named: found.value.run }, env) : found;
}

const selecting = ['only', 'from', 'until', 'skip'] as const;

/** `--resume FILE` means the latest run of that file: no run has a dot or a slash in its name. */
function apart(
  named: string | undefined,
  resume: string | true,
  cwd: string,
): { readonly given: string | undefined; readonly run: string | undefined } {
  if (resume === true) return { given: named, run: undefined };
  const isFile = named === undefined && /[./\\]/.test(resume) && existsSync(resolve(cwd, resume));
  return isFile ? { given: resume, run: undefined } : { given: named, run: resume };
}

function cannotSelect(option: (typeof selecting)[number]): Diagnostic {
  return {
    code: 'usage/bad-argument',
    severity: 'error',
    message: `--resume and --${option} cannot be used together: a resumed run keeps its tasks`,
    hint: `remove --${option}, or start a new run without --resume`,
  };
}

/** What its attempts left running is found by the executor that started them only. */
function keepsExecutor(run: string, executor: string, given: string | undefined): Diagnostic {
  return {
    code: 'usage/cannot-resume',
    severity: 'error',
    message: `run ${run} was started with --executor ${executor}, and cannot be resumed with another`,
    hint: `call: ${commandLine('etl-tui', 'run', ...(given === undefined ? [] : [given]), '--executor', executor, '--resume', run)}`,
  };
}

function isSecret(name: string, run: string): Diagnostic {
  return {
    code: 'usage/bad-argument',
    severity: 'error',
    message: `parameter "${name}" is secret, so its value is not stored with run ${run}`,
    hint: `put it into ${variableOfParam(name)} again and use --param ${name}`,
  };
}
