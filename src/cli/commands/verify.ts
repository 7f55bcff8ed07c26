import { randomInt } from 'node:crypto';
import {
  type ColumnPattern,
  type Diagnostic,
  failed,
  ok,
  type Proof,
  parseColumnPattern,
  pipelineCopy,
  planPipeline,
  type Result,
  verifyPipeline,
} from '../../engine/index.ts';
import { progressTo, showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes, type StopSignal, signalExitCodes } from '../exit-code.ts';
import type { DisplayOptions, Invocation } from '../invocation.ts';
import { safeJson } from '../output/safe-json.ts';
import { createStyle } from '../output/style.ts';
import { type LoadedPlan, loadPlan } from '../run/load-plan.ts';
import { onStopSignal } from '../signals.ts';
import { refuse } from '../stored-runs/stored-runs.ts';
import { verifyJson } from '../verify/verify-json.ts';
import { verifyLines } from '../verify/verify-lines.ts';
import { followVerify } from '../verify/verify-progress.ts';

export type VerifyOptions = DisplayOptions & {
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly param?: ReadonlyMap<string, string>;
  readonly maxParallel?: number | 'auto';
  readonly ignore?: readonly string[];
  readonly kills: number;
  readonly seed?: number;
  /** Each is false when it is left out: `--no-parallel`, … */
  readonly parallel: boolean;
  readonly order: boolean;
  readonly twice: boolean;
  readonly kill: boolean;
  readonly inSchemas?: true;
  readonly keep?: true;
  readonly json?: true;
};

/** What is opened first, such as a database, may not answer; who was told to stop meanwhile does not wait for it. */
const openingPatienceMs = 3_000;

/** Proves that a pipeline gives the same data whatever happens; says which task does not. */
export async function verify(
  given: string | undefined,
  options: VerifyOptions,
  invocation: Invocation,
): Promise<number> {
  const proofs = proofsOf(options);
  if (proofs.length === 0) return refuse(nothingToProve, options, invocation);
  const { only, skip } = options;
  const selection = { ...(only === undefined ? {} : { until: only }), ...(skip === undefined ? {} : { skip }) };
  const { loaded, diagnostics, sources } = loadPlan(given, invocation, selection, options.param ?? new Map());
  const mistaken = showDiagnostics(diagnostics.map(nameOption), options, invocation, sources);
  if (loaded === undefined) return mistaken;
  const ignore = ignoredColumns([...(loaded.plan.pipeline.verify?.ignore ?? []), ...(options.ignore ?? [])]);
  if (!ignore.ok) return refuse(ignore.error, options, invocation);
  const { env, out, err } = invocation;
  const style = createStyle({ ...options, env, isTerminal: out.isTerminal });
  const progress = followVerify({ out: options.json === true ? undefined : out, err, style });
  const stop = listenForStop();
  const verified = await verifyPipeline({
    plan: loaded.plan,
    pipelinePath: loaded.found.path,
    pipelineText: pipelineCopy(loaded.found.text, loaded.included),
    projectDir: loaded.found.projectDir,
    ...loaded.surroundings,
    params: loaded.params,
    ...(options.maxParallel === undefined ? {} : { maxParallel: options.maxParallel }),
    proofs,
    ...(only === undefined ? {} : { only: chosenTasks(loaded, only) }),
    kills: options.kills,
    seed: options.seed ?? randomInt(1_000_000),
    ignore: ignore.value,
    inSchemas: options.inSchemas === true,
    keep: options.keep === true,
    stop,
    onProgress: progressTo(err),
    onWarning: (warning) => {
      progress.clear();
      showDiagnostics([warning], options, invocation);
    },
    onStep: (step) => {
      if (step.kind === 'begun') stop.begun();
      progress.onStep(step);
    },
  });
  progress.clear();
  const signal = stop.release();
  if (!verified.ok) {
    const exitCode = showDiagnostics([verified.error], options, invocation);
    return signal === undefined ? exitCode : signalExitCodes[signal];
  }
  const report = verified.value;
  if (options.json === true) out.write(`${safeJson(verifyJson(report), 2)}\n`);
  else out.write(`${verifyLines(report, style).join('\n')}\n`);
  if (report.end === 'stopped') return signalExitCodes[signal ?? 'SIGINT'];
  return report.end === 'complete' && report.findings.length === 0 ? exitCodes.success : exitCodes.taskFailed;
}

function proofsOf({ parallel, order, twice, kill }: VerifyOptions): readonly Proof[] {
  return [
    ...(parallel ? ['parallel' as const] : []),
    ...(order ? ['order' as const] : []),
    ...(twice ? ['twice' as const] : []),
    ...(kill ? ['killed' as const] : []),
  ];
}

/** The plan was made with everything upstream of what `--only` names. */
function chosenTasks({ found, plan, params }: LoadedPlan, only: readonly string[]): ReadonlySet<string> {
  const resolve = () => ok(params);
  const chosen = planPipeline(found.text, plan.pipeline.file, { only }, undefined, found.readIncluded, resolve).plan;
  return new Set(chosen?.tasks.map(({ spec }) => spec.id));
}

/** The option of this command that a mistake in the selection is about. */
function nameOption(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, message: diagnostic.message.replace(/^--until /, '--only ') };
}

function ignoredColumns(texts: readonly string[]): Result<readonly ColumnPattern[], Diagnostic> {
  const patterns: ColumnPattern[] = [];
  for (const text of texts) {
    const pattern = parseColumnPattern(text);
    if (pattern === undefined) return failed(badColumn(text));
    patterns.push(pattern);
  }
  return ok(patterns);
}

/** The first signal ends the work in order, the second kills the tasks that still run, the third ends the program. */
function listenForStop() {
  const stop = new AbortController();
  const now = new AbortController();
  let first: StopSignal | undefined;
  let isBegun = false;
  let patience: NodeJS.Timeout | undefined;
  const stopListening = onStopSignal((signal, count) => {
    first ??= signal;
    if (count === 1) stop.abort();
    if (count === 1 && !isBegun) patience = setTimeout(() => process.exit(signalExitCodes[signal]), openingPatienceMs);
    if (count === 2) now.abort();
    if (count > 2) process.exit(signalExitCodes[first]);
  });
  return {
    signal: stop.signal,
    now: now.signal,
    begun: () => {
      isBegun = true;
      clearTimeout(patience);
    },
    release: () => {
      clearTimeout(patience);
      stopListening();
      return first;
    },
  };
}

const nothingToProve: Diagnostic = {
  code: 'usage/bad-argument',
  severity: 'error',
  message: 'with --no-parallel, --no-order, --no-twice and --no-kill there is nothing to prove',
  hint: 'remove one of them',
};

function badColumn(text: string): Diagnostic {
  return {
    code: 'usage/bad-argument',
    severity: 'error',
    message: `--ignore cannot be "${text}"`,
    hint: 'use COLUMN, TABLE.COLUMN, SCHEMA.TABLE.COLUMN, or TABLE.* for a whole table, separated by commas',
  };
}
