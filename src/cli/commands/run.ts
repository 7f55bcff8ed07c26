import {
  commandLine,
  type Diagnostic,
  isSecretName,
  learnPast,
  previewReuse,
  type RunRequest,
  type Selection,
} from '../../engine/index.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes, signalExitCodes } from '../exit-code.ts';
import type { DisplayOptions, Invocation } from '../invocation.ts';
import { createStyle } from '../output/style.ts';
import { dryResumeJson, dryResumeLines } from '../plan/dry-resume.ts';
import { dryRunJson, dryRunLines } from '../plan/dry-run.ts';
import { chooseReporter } from '../reporters/choose-reporter.ts';
import type { ReporterName } from '../reporters/create-reporter.ts';
import { openGithubStep } from '../reporters/github/github-step.ts';
import { followRun } from '../run/follow-run.ts';
import { hideSecretArguments } from '../run/hide-secret-arguments.ts';
import { loadPlan } from '../run/load-plan.ts';
import { wantedScreen } from '../run/load-screen.ts';
import { offerResume } from '../run/offer-resume.ts';
import { readWait } from '../run/read-wait.ts';
import { resumeCall } from '../run/resume-run.ts';
import { runRequest, withoutGiven } from '../run/run-request.ts';

export type RunOptions = DisplayOptions &
  Selection & {
    readonly sequential?: true;
    readonly maxParallel?: number | 'auto';
    readonly executor?: RunRequest['executor'] | 'local';
    readonly param?: ReadonlyMap<string, string>;
    /** The run that is carried on with; true for the latest. */
    readonly resume?: string | true;
    /** A new run, without asking whether the latest is to be resumed. */
    readonly new?: true;
    /** True with `--reuse`, false with `--no-reuse`. */
    readonly reuse?: boolean;
    readonly dryRun?: true;
    /** Runs again what a change of its inputs, or of the pipeline file, makes stale. */
    readonly watch?: true;
    /** The phases; false with `--no-preflight`, `--no-checks`, `--no-analysis` and `--no-notify`. */
    readonly preflight: boolean;
    readonly checks: boolean;
    readonly analysis: boolean;
    readonly notify: boolean;
    /** Without it the environment decides. */
    readonly reporter?: ReporterName;
    readonly junit?: string;
    readonly logDir?: string;
    /** How long another run is waited for, as it was written; true without a limit. */
    readonly wait?: string | true;
    readonly ci?: true;
    /** False with `--no-tui`. */
    readonly tui: boolean;
  };

/** Runs a pipeline, on a screen where there is one, until it has ended and its files are written. */
export async function run(first: string | undefined, called: RunOptions, invocation: Invocation): Promise<number> {
  const waiting = readWait(first, called.wait, invocation.cwd);
  if (!waiting.ok) return refuse([waiting.error], called, invocation);
  const { wait: _, ...rest } = called;
  const { named, ...wait } = waiting.value;
  const options = { ...rest, ...wait };
  if (options.watch === true) {
    const refused = refuseWatch(options);
    if (refused !== undefined) return refuse([refused], called, invocation);
    const { watchRuns } = await import('../run/watch/watch-runs.ts');
    return watchRuns(named, options, invocation);
  }
  const chosen = { ...options, reporter: chooseReporter(options, invocation) };
  const step = openGithubStep(chosen.reporter, options, invocation);
  const { resume } = options;
  const resumed = resume === undefined ? undefined : await resumeCall(named, { ...options, resume }, invocation);
  if (resumed?.ok === false) {
    step.note(resumed.error);
    step.refuse();
    return refuse(resumed.error, options, invocation);
  }
  const { given, selection, param } = resumed?.value ?? { given: named, selection: options, param: options.param };
  const { diagnostics, sources, loaded } = loadPlan(given, invocation, selection, param ?? new Map());
  const mistaken = showDiagnostics(diagnostics, options, invocation, sources);
  step.note(diagnostics);
  if (loaded === undefined) {
    step.refuse();
    return mistaken;
  }
  hideSecretArguments(loaded.plan.pipeline.secrets);
  const request = {
    ...runRequest(loaded, { ...options, ...resumed?.value.options }, invocation),
    ...(resumed === undefined ? {} : { resume: resumed.value.resume }),
  };
  if (options.dryRun === true) {
    invocation.out.write(`${await dryRun(request, chosen, invocation)}\n`);
    return exitCodes.success;
  }
  const screen = await wantedScreen(chosen, invocation);
  if (screen !== undefined) {
    const { answer, run: offered } = await offerResume(named, request, options, screen, invocation);
    if (answer === 'resume' && offered !== undefined) return run(first, { ...called, resume: offered }, invocation);
    if (answer === 'quit') return exitCodes.taskFailed;
    if (answer === 'interrupt') return signalExitCodes.SIGINT;
  }
  const resumeHint = commandLine(
    'etl-tui',
    'run',
    ...(given === undefined ? [] : [given]),
    ...(options.executor === undefined || options.executor === 'local' ? [] : ['--executor', options.executor]),
    '--resume',
    ...secretParams(loaded.plan.pipeline),
    ...logDir(options),
  );
  return followRun(request, { ...chosen, resumeHint }, step, invocation, screen);
}

type DryRunOptions = Pick<RunOptions, 'reporter' | 'color' | 'ascii'>;

async function dryRun(request: RunRequest, options: DryRunOptions, { env, out }: Invocation): Promise<string> {
  const { resume } = request;
  const isJson = options.reporter === 'json';
  const style = createStyle({ ...options, env, isTerminal: out.isTerminal });
  if (resume !== undefined)
    return isJson ? dryResumeJson(request, resume) : (await dryResumeLines(request, resume, style)).join('\n');
  const [past, reuse] = await Promise.all([learnPast(request), previewReuse(request)]);
  return isJson ? dryRunJson(request, past, reuse) : dryRunLines(request, past, style, reuse).join('\n');
}

/** Their values are not kept; a name alone takes them from the environment. */
function secretParams({ params, secrets }: RunRequest['plan']['pipeline']): readonly string[] {
  const declared = new Set(secrets);
  return params.flatMap(({ name }) => (isSecretName(name, declared) ? ['-p', name] : []));
}

function logDir({ logDir: named }: Pick<RunOptions, 'logDir'>): readonly string[] {
  return named === undefined ? [] : ['--log-dir', named];
}

function refuseWatch({ resume, dryRun }: Pick<RunOptions, 'resume' | 'dryRun'>): Diagnostic | undefined {
  const other = resume !== undefined ? '--resume' : dryRun === true ? '--dry-run' : undefined;
  if (other === undefined) return undefined;
  return {
    code: 'usage/bad-argument',
    severity: 'error',
    message: `--watch and ${other} cannot be given together`,
    hint:
      other === '--resume'
        ? 'resume the run first, then run with --watch'
        : 'etl-tui watch shows the plan on every save',
  };
}

/** A run that does not exist is a mistake of the call. */
function refuse(
  mistakes: readonly Diagnostic[],
  options: DisplayOptions & Pick<RunOptions, 'logDir'>,
  invocation: Invocation,
): number {
  const exitCode = showDiagnostics(
    mistakes.map((mistake) => withoutGiven(mistake, options)),
    options,
    invocation,
  );
  return mistakes[0]?.code === 'run/unknown-run' ? exitCodes.usage : exitCode;
}
