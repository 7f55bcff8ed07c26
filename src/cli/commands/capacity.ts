import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { formatDuration } from '../../display/format/format-duration.ts';
import {
  type CapacityReport,
  findPipeline,
  openCapacity,
  parseDuration,
  readSurroundings,
} from '../../engine/index.ts';
import { capacityJson } from '../capacity/capacity-json.ts';
import { capacityLines, whyNone } from '../capacity/capacity-lines.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes, type StopSignal, signalExitCodes } from '../exit-code.ts';
import type { DisplayOptions, Invocation } from '../invocation.ts';
import { safeJson } from '../output/safe-json.ts';
import { createStyle } from '../output/style.ts';
import { loadPlan } from '../run/load-plan.ts';
import { onStopSignal } from '../signals.ts';
import { refuse } from '../stored-runs/stored-runs.ts';

export type CapacityOptions = DisplayOptions & {
  readonly check?: true;
  readonly wait?: true;
  readonly timeout: string;
  readonly json?: true;
  readonly logDir?: string;
};

const lookEveryMs = 5_000;

/** Shows what the machine has left beside the limits, and how many tasks could start now; or waits until one could. */
export async function capacity(
  given: string | undefined,
  options: CapacityOptions,
  invocation: Invocation,
): Promise<number> {
  const timeoutMs = parseDuration(options.timeout);
  if (timeoutMs === undefined) return refuse(badTimeout(options.timeout), options, invocation);
  const project = findProject(given, options, invocation);
  if (typeof project === 'number') return project;
  const { env, out } = invocation;
  const stop = new AbortController();
  let signal: StopSignal | undefined;
  const stopListening = onStopSignal((first) => {
    signal ??= first;
    stop.abort();
  });
  const watch = await openCapacity({
    ...project,
    onWarning: (warning) => void showDiagnostics([warning], options, invocation),
  });
  try {
    const stopped = aborted(stop.signal);
    const look = () => Promise.race([watch.look(), stopped]);
    const report = options.wait === true ? await waitForRoom(look, timeoutMs, stop.signal, invocation) : await look();
    if (signal !== undefined || report === undefined) return signalExitCodes[signal ?? 'SIGINT'];
    if (options.json === true) out.write(`${safeJson(capacityJson(report), 2)}\n`);
    else
      out.write(`${capacityLines(report, createStyle({ ...options, env, isTerminal: out.isTerminal })).join('\n')}\n`);
    const isAsked = options.check === true || options.wait === true;
    return isAsked && report.tasks === 0 ? exitCodes.precondition : exitCodes.success;
  } finally {
    stopListening();
    await watch.close();
  }
}

/** Looks again every five seconds and says why it waits; undefined when it was stopped. */
async function waitForRoom(
  look: () => Promise<CapacityReport | undefined>,
  timeoutMs: number,
  stop: AbortSignal,
  { err }: Invocation,
): Promise<CapacityReport | undefined> {
  const begin = performance.now();
  for (;;) {
    const report = await look();
    const waitedMs = performance.now() - begin;
    if (report === undefined || report.tasks > 0 || waitedMs >= timeoutMs) return report;
    err.write(`waiting for ${formatDuration(waitedMs)}: ${whyNone(report)}\n`);
    const ms = Math.min(lookEveryMs, timeoutMs - waitedMs);
    await pause(ms, undefined, { signal: stop }).catch(() => undefined);
  }
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolveOnce) => {
    if (signal.aborted) resolveOnce(undefined);
    else signal.addEventListener('abort', () => resolveOnce(undefined), { once: true });
  });
}

/** With the limits of its pipeline; a directory without one is looked at with the usual limits. Otherwise the exit code. */
function findProject(given: string | undefined, { logDir, ...display }: CapacityOptions, invocation: Invocation) {
  const { cwd } = invocation;
  const logsIn = (projectDir: string) => resolve(logDir === undefined ? projectDir : cwd, logDir ?? 'logs/etl');
  if (given === undefined && !findPipeline(undefined, cwd).ok)
    return { projectDir: cwd, logDir: logsIn(cwd), env: invocation.env };
  const { diagnostics, sources, loaded } = loadPlan(given, invocation, {}, undefined);
  const mistaken = showDiagnostics(diagnostics, display, invocation, sources);
  if (loaded === undefined) return mistaken;
  const { projectDir } = loaded.found;
  // No task is run, so that only the files for the whole run are read, which may name the database.
  const around = readSurroundings({ ...loaded.plan, tasks: [] }, projectDir, invocation.env);
  if (!around.ok) return showDiagnostics(around.error, display, invocation, sources);
  const { env } = around.value;
  return { projectDir, logDir: logsIn(projectDir), limits: loaded.plan.pipeline.limits, env };
}

function badTimeout(given: string) {
  return {
    code: 'usage/bad-argument',
    severity: 'error',
    message: `--timeout cannot be "${given}"`,
    hint: 'it takes a duration such as 500ms, 30s, 10m or 2h',
  } as const;
}
