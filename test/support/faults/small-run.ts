import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findProblems } from '../aftermath.ts';
import { projectRoot } from '../project-root.ts';

/** The kinds of calls of the system that can be let fail. */
export type CallKind = 'open' | 'write' | 'fsync' | 'rename' | 'mkdir' | 'remove' | 'spawn' | 'connect' | 'query';

/** `short` is a write that takes a half, `silence` a server that never answers; the others are codes of the system. */
export type Fault = {
  readonly kind: CallKind;
  /** Which call of the kind fails, from 1. */
  readonly at: number;
  readonly error: string;
  /** Whether the calls after it succeed. */
  readonly recovers: boolean;
};

export type FaultyRun = {
  readonly code: number | null;
  readonly counts: Readonly<Record<CallKind, number>>;
  /** The calls that failed, with where they were made; empty when there were not so many. */
  readonly failed: readonly string[];
  /** What is wrong afterwards. */
  readonly problems: readonly string[];
  readonly tookMs: number;
};

/** Something of everything: a database, a retry, a check of each kind, a report, a hand-off, and time for samples. */
const pipeline = `version: 1
name: small
defaults: { backoff: { initial: 20ms }, kill_grace: 500ms }
handoffs: { on_failure: { to: Operations }, on_success: { to: Research, dataset: margins, every: 24h } }
tasks:
  games: { command: 'echo "$DATABASE_URL" | wc -c; echo games >> ledger', connections: 1 }
  flaky: { command: 'echo trying; test "$ETL_ATTEMPT" = 2; echo flaky >> ledger', retries: 2 }
  margins:
    command: |
      echo '{"progress":0.5,"message":"half","rows":3}' >> "$ETL_TASK_REPORT"
      sleep 0.6; echo built; echo margins >> ledger
    dependencies: [games, flaky]
checks:
  - { name: one, sql: "SELECT 1", expect: 1, after: [games] }
  - { name: seven, command: "echo 7", expect: 7 }
`;

const tasks = ['games', 'flaky', 'margins'] as const;
/** Longer than all deadlines that calls of the system have, on a machine that is busy with other tests. */
const withinMs = 240_000;
const canary = 'Canary-4711/of+faults';

/** Carries out the run with a fault, or with none, in a project of its own, and judges what is left of it. */
export async function runWithFault(databaseUrl: string, fault?: Fault): Promise<FaultyRun> {
  const directory = mkdtempSync(join(tmpdir(), 'etl-tui-fault-'));
  const reportAt = mkdtempSync(join(tmpdir(), 'etl-tui-report-'));
  const report = join(reportAt, 'report.json');
  const began = performance.now();
  try {
    writeFileSync(join(directory, 'pipeline.yaml'), pipeline);
    const { DATABASE_URL, CI, GITHUB_ACTIONS, ...env } = process.env;
    const ended = await callProgram(directory, {
      ...env,
      DATABASE_URL: databaseUrl,
      FEED_TOKEN: canary,
      LANG: 'C.UTF-8',
      ETL_TUI_TEST_FAULT: JSON.stringify({ ...fault, report }),
    });
    const tookMs = performance.now() - began;
    const seen = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : { counts: {}, failed: [] };
    const found = await findProblems({ directory, ended, withinMs: 0, canaries: [canary] });
    const problems = [
      // What cannot be removed stays, and does no harm.
      ...found.filter((problem) => fault?.kind !== 'remove' || !problem.endsWith('was left behind')),
      ...ledgerProblems(directory, ended),
    ];
    return { code: ended.code, ...seen, problems, tookMs };
  } finally {
    for (const path of [directory, reportAt]) rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  }
}

type Ended = {
  readonly code: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
};

function callProgram(cwd: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  const preload = pathToFileURL(join(import.meta.dirname, 'fail-calls.mjs')).href;
  const child = spawn(
    process.execPath,
    ['--import', preload, join(projectRoot, 'dist/cli/main.js'), 'run', '--ci', '--reporter', 'json'],
    { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const timer = setTimeout(() => child.kill('SIGKILL'), withinMs);
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, out, err });
    });
  });
}

/**
 * Tasks write into a ledger as the last thing that they do, which no fault of the program reaches. What it calls a success
 * has succeeded, what succeeded is not run again, and an exit code of 0 or 3 is true.
 */
function ledgerProblems(directory: string, { code, out, err }: Ended): readonly string[] {
  const path = join(directory, 'ledger');
  const ledger = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  const outcomes = new Map<string, string>();
  for (const line of out.split('\n').filter((text) => text.includes('"task.finished"'))) {
    const { task, outcome } = JSON.parse(line) as { task: string; outcome: { kind: string } };
    outcomes.set(task, outcome.kind);
  }
  const problems: string[] = [];
  for (const task of tasks) {
    const times = ledger.filter((name) => name === task).length;
    if (outcomes.get(task) === 'succeeded' && times === 0)
      problems.push(`"${task}" is called a success and has not run`);
    if (times > 1) problems.push(`"${task}" succeeded and was run again: ${times} times`);
    if (times === 0 && code === 0) problems.push(`the exit code is 0, and "${task}" has not run`);
    if (times > 0 && (code === 2 || code === 3))
      problems.push(`the exit code is ${code} (nothing was started), and "${task}" has run`);
    if (times > 0 && outcomes.get(task) !== 'succeeded' && code === 0)
      problems.push(`"${task}" succeeded and was lost`);
  }
  if (code !== 0 && !/error\[/.test(err) && ![...outcomes.values()].some((kind) => kind !== 'succeeded')) {
    if (!/"verdict":"(?:error|fail)"/.test(out))
      problems.push(`the exit code is ${code}, and nothing says why:\n${err}`);
  }
  if (code === null) problems.push(`it has not ended within ${withinMs / 1000}s:\n${err}`);
  // A pipeline file that cannot be read is a wrong one.
  else if (![0, 1, 3].includes(code) && !(code === 2 && /spec\/unreadable/.test(err)))
    problems.push(`the exit code is ${code}:\n${err}`);
  return problems;
}
