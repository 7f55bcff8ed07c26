import { resolve } from 'node:path';
import { graphOf } from '../../display/graph/pipeline-graph.ts';
import { storedRunDisplay } from '../../display/states/run-display.ts';
import {
  type Diagnostic,
  type EpochMs,
  failed,
  findPipeline,
  ok,
  type Plan,
  type Result,
  type RunId,
  runDetails,
  type Selection,
  selectedTasks,
} from '../../engine/index.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes } from '../exit-code.ts';
import type { DrawnGraph } from '../graph/drawn-graph.ts';
import { graphDot } from '../graph/graph-dot.ts';
import { graphJson } from '../graph/graph-json.ts';
import { graphLines } from '../graph/graph-lines.ts';
import { graphMermaid } from '../graph/graph-mermaid.ts';
import type { DisplayOptions, Invocation } from '../invocation.ts';
import { safeJson } from '../output/safe-json.ts';
import { createStyle } from '../output/style.ts';
import { loadPlan } from '../run/load-plan.ts';
import { namedRun, refuse } from '../stored-runs/stored-runs.ts';

export type GraphOptions = DisplayOptions &
  Selection & {
    readonly format: 'text' | 'mermaid' | 'dot' | 'json';
    readonly param?: ReadonlyMap<string, string>;
    /** The run whose states are painted on its own plan. */
    readonly run?: string;
    readonly logDir?: string;
  };

const usualColumns = 100;

/** Draws what waits for what: of a pipeline file, or of a stored run, with the states of its tasks. Starts nothing. */
export async function graph(given: string | undefined, options: GraphOptions, invocation: Invocation): Promise<number> {
  const drawn =
    options.run === undefined
      ? ofFile(given, options, invocation)
      : await ofRun(given, options.run, options, invocation);
  if (!drawn.ok) return drawn.error;
  invocation.out.write(`${textOf(drawn.value, options, invocation)}\n`);
  return exitCodes.success;
}

function textOf(drawn: DrawnGraph, options: GraphOptions, { env, out }: Invocation): string {
  switch (options.format) {
    case 'text': {
      const style = createStyle({ ...options, env, isTerminal: out.isTerminal });
      return graphLines(drawn, style, out.columns ?? usualColumns).join('\n');
    }
    case 'mermaid':
      return graphMermaid(drawn).join('\n');
    case 'dot':
      return graphDot(drawn).join('\n');
    case 'json':
      return safeJson(graphJson(drawn), 2);
  }
}

function ofFile(given: string | undefined, options: GraphOptions, invocation: Invocation): Result<DrawnGraph, number> {
  const { diagnostics, sources, loaded } = loadPlan(given, invocation, options, options.param ?? new Map(), 'nothing');
  const exitCode = showDiagnostics(diagnostics, options, invocation, sources);
  if (loaded === undefined) return failed(exitCode);
  const { plan } = loaded;
  return ok({ plan, graph: graphOf(plan), tasks: allOf(plan) });
}

async function ofRun(
  given: string | undefined,
  named: string,
  options: GraphOptions,
  invocation: Invocation,
): Promise<Result<DrawnGraph, number>> {
  const found = await findStored(given, named, options, invocation);
  if (!found.ok) return found;
  const read = await runDetails(found.value.logDir, found.value.run, Date.now() as EpochMs);
  if (!read.ok) return failed(refuse(read.error, options, invocation));
  const { report, history } = read.value;
  showDiagnostics(report.notices, options, invocation);
  if (history === undefined) return failed(refuse(noJournal(found.value.run), options, invocation));
  const { state } = history;
  const tasks = isSelecting(options) ? selectedTasks(state.plan, options) : ok(allOf(state.plan));
  if (!tasks.ok) return failed(showDiagnostics(tasks.error, options, invocation));
  const { word } = storedRunDisplay(report.status, report.result.verdict);
  return ok({
    plan: state.plan,
    graph: graphOf(state.plan, { tasks: tasks.value }),
    tasks: tasks.value,
    run: { state, title: `run ${found.value.run}: ${word}` },
  });
}

/** In the project of the pipeline that was named, if one was. */
async function findStored(
  given: string | undefined,
  named: string,
  options: GraphOptions,
  invocation: Invocation,
): Promise<Result<{ readonly logDir: string; readonly run: RunId }, number>> {
  const project = given === undefined || options.logDir !== undefined ? undefined : findPipeline(given, invocation.cwd);
  if (project?.ok === false) return failed(refuse(project.error, options, invocation));
  const logDir = project === undefined ? options.logDir : resolve(project.value.projectDir, 'logs/etl');
  const found = await namedRun(named, { ...options, ...(logDir === undefined ? {} : { logDir }) }, invocation);
  return typeof found === 'number' ? failed(found) : ok(found);
}

function allOf({ tasks }: Plan): ReadonlySet<number> {
  return new Set(tasks.map(({ index }) => index));
}

function isSelecting({ only, from, until, skip }: Selection): boolean {
  return [only, from, until, skip].some((names) => names !== undefined);
}

function noJournal(run: RunId): Diagnostic {
  return {
    code: 'run/unknown-run',
    severity: 'error',
    message: `run ${run} cannot be drawn: its journal was deleted`,
    hint: `etl-tui show ${run} shows what is still known`,
  };
}
