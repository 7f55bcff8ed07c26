import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EpochMs, RunId } from '../../../src/engine/model/ids.ts';
import { type RunReport, reportRun } from '../../../src/engine/runs/report-run.ts';
import { runPaths } from '../../../src/engine/storage/runs/run-paths.ts';
import { differences } from './differences.ts';
import type { Ending } from './ending-problems.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * Where the result files of runs are not what the fold of their journals says. The run that `ended` tells of must have them
 * all, and a whole journal, unless it told that it could not write one.
 */
export async function differingResults(
  logDir: string,
  runs: readonly RunId[],
  ended: Ending,
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const run of runs) {
    const found = await problemsOf(logDir, run, ended.code !== null && ended.out.includes(run) ? ended : undefined);
    problems.push(...found.map((problem) => `run ${run}: ${problem}`));
  }
  return problems;
}

/** @param ended of a run that ended by itself just now; undefined for one that was killed, or ended before */
async function problemsOf(logDir: string, run: RunId, ended: Ending | undefined): Promise<readonly string[]> {
  const paths = runPaths(logDir, run);
  const folded = await foldOf(logDir, run);
  const isTold = (path: string) => ended?.err.includes(path.slice(logDir.length)) ?? true;
  if (typeof folded === 'string') return isTold(paths.journal) ? [] : [folded];
  const isOver = folded.status !== 'interrupted' && folded.status !== 'damaged';
  if (!isOver) {
    if (!isTold(paths.journal)) return [`its journal has no end (${folded.status}), and nobody was told`];
    return ended === undefined ? [] : lostSuccesses(folded, readJson(paths.result));
  }
  const files = [
    ['result', paths.result, folded.result],
    ['consistency', paths.consistency, folded.consistency],
    [
      'performance',
      paths.performance,
      { results: folded.result.results.map(({ task, status }) => ({ task, status })) },
    ],
  ] as const;
  return files.flatMap(([name, path, content]) => {
    const written = readJson(path);
    if (written === undefined) return isTold(path) ? [] : [`its ${name} file is not there, and nobody was told`];
    return differences(comparable(written, content), comparable(content, content)).map(
      (difference) => `its ${name} file is not what its journal says: ${difference}`,
    );
  });
}

/** Of a copy without result files, so that it comes from the journal; why it cannot be read, as text. */
async function foldOf(logDir: string, run: RunId): Promise<RunReport | string> {
  const copy = mkdtempSync(join(tmpdir(), 'aftermath-'));
  try {
    const to = runPaths(copy, run).directory;
    cpSync(runPaths(logDir, run).directory, to, {
      recursive: true,
      filter: (path) => !path.endsWith('/owner.json') && !path.endsWith('/tmp'),
    });
    const report = await reportRun(copy, run, Date.now() as EpochMs);
    return report.ok ? report.value : `it cannot be read: ${report.error.message}`;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** What is only known while the run goes on, or depends on where it is read. */
const unstored = ['stdout', 'stderr', 'log', 'waiting_seconds', 'verdict', 'slas', 'missed_slas', 'regressions'];

/** The fields of `value` that `like` has as well, and that a journal can tell. */
function comparable(value: unknown, like: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((one, at) => comparable(one, Array.isArray(like) ? like[at] : undefined));
  }
  if (typeof value !== 'object' || value === null) return value;
  const wanted = Object.keys((like ?? {}) as Json).filter((key) => !unstored.includes(key));
  return Object.fromEntries(
    wanted
      .filter((key) => (value as Json)[key] !== undefined)
      .map((key) => [key, comparable((value as Json)[key], (like as Json)[key])]),
  );
}

/** When the journal was lost, results know more than it: but what it holds as done is done in them. */
function lostSuccesses(folded: RunReport, result: Json | undefined): readonly string[] {
  if (result === undefined) return [];
  const rows = result['results'] as readonly { readonly task: string; readonly status: string }[];
  return folded.result.results
    .filter(({ status }) => status === 'success')
    .filter(({ task }) => rows.find((row) => row.task === task)?.status !== 'success')
    .map(({ task }) => `its journal has "${task}" succeed, its result file has not`);
}

function readJson(path: string): Json | undefined {
  if (!existsSync(path)) return undefined;
  return JSON.parse(readFileSync(path, 'utf8')) as Json;
}
