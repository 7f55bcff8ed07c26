import type { Database } from '../../../../src/engine/database/database.ts';
import type { EpochMs } from '../../../../src/engine/model/ids.ts';
import { failed, ok } from '../../../../src/engine/model/result.ts';
import type { RunEvent } from '../../../../src/engine/model/run/run-event.ts';
import { planPipeline } from '../../../../src/engine/pipeline/plan-pipeline.ts';
import type { Journal } from '../../../../src/engine/ports.ts';
import type { RunAdapters } from '../../../../src/engine/run/parts/run-adapters.ts';
import type { RunRequest } from '../../../../src/engine/run/request/run-request.ts';
import { runPaths } from '../../../../src/engine/storage/runs/run-paths.ts';
import { fakeExecutor } from '../../../support/fake-executor.ts';
import { noon } from '../../../support/fake-run.ts';

/** A request to run tasks of these names, one after the other. */
export function requestOf(...names: readonly string[]): RunRequest {
  const tasks = names.map(
    (name, at) => `  ${name}: { command: "true"${at > 0 ? `, dependencies: [${names[at - 1]}]` : ''} }`,
  );
  const pipelineText = `version: 1\nname: small\ntasks:\n${tasks.join('\n')}\n`;
  const { plan, diagnostics } = planPipeline(pipelineText, 'pipeline.yaml');
  if (plan === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return {
    plan,
    pipelinePath: '/nowhere/pipeline.yaml',
    pipelineText,
    projectDir: '/nowhere',
    logDir: '/nowhere/logs',
    env: {},
    params: new Map(),
    sequential: false,
    runChecks: true,
  };
}

/** Adapters in memory: every attempt succeeds at once, and time stands still. */
export function fakeAdapters() {
  const released: string[] = [];
  const started: string[] = [];
  const journal: RunEvent[] = [];
  const files: string[] = [];
  const journalOf = (): Journal => ({
    append: async (events) => void journal.push(...events),
    record: (events) => void journal.push(...events),
    close: async () => void released.push('close journal'),
  });
  const adapters: RunAdapters = {
    clock: () => ({ now: () => noon as EpochMs, setTimer: () => ({ cancel: () => {} }) }),
    lockRun: () =>
      ok({
        startHeartbeat: () => {},
        reacquire: () => undefined,
        release: onceOf(() => released.push('release lock')),
      }),
    openDatabase: async () => ok({ database: fakeDatabase(() => released.push('close database')), env: {} }),
    createDirectory: ({ logDir, run }) => ok(runPaths(logDir, run)),
    continueRun: async ({ logDir, run }) => ok({ files: runPaths(logDir, run), journal: journalOf(), plan: 1 }),
    openJournal: () => ok(journalOf()),
    openLogs: () => ({
      open: () => ({ write: () => {}, close: () => {} }),
      tail: () => ({ stdout: '', stderr: '', merged: '' }),
      path: (task, attempt) => `/nowhere/${task}/${attempt}.log`,
      close: () => released.push('close logs'),
    }),
    openExecutor: () => {
      const executor = fakeExecutor(({ ref: { task, attempt } }) => {
        started.push(`${task}#${attempt}`);
        return { ending: { kind: 'exited', code: 0 } };
      });
      const close = async () => {
        await executor.close();
        released.push('close executor');
      };
      return ok({ ...executor, close });
    },
    openLines: () => ({ read: async () => failed('no such file') }),
    openOutputs: () => ({ remember: async () => {}, firstMissing: async () => undefined }),
    openRunDir: () => ok(undefined),
    closeRunDir: async () => ({ warnings: [] }),
    openReuse: () => undefined,
    preflight: async () => [],
    openProbe: async () => ({ sample: async () => undefined }),
    openSamples: () => ({ write: () => {}, close: async () => {} }),
    openOomKills: () => () => undefined,
    writeFile: async (path) => {
      files.push(path);
      return ok(undefined);
    },
    handoffs: {
      write: async () => ok('/nowhere/handoff.yaml'),
      close: async () => ok('/nowhere/handoff.yaml'),
      list: async () => ({ handoffs: [], unreadable: [] }),
    },
    deliver: async () => undefined,
  };
  return { adapters, released, started, journal, files };
}

/** The lock is released at the end of the run already. */
function onceOf(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) action();
    isDone = true;
  };
}

function fakeDatabase(close: () => void): Database {
  return {
    source: 'external',
    description: 'a database in memory',
    identity: async () => undefined,
    facts: async () => undefined,
    environment: {},
    secrets: [],
    connectionLimit: 10,
    budget: () => 10,
    taskEnvironment: () => ({}),
    checks: { run: () => Promise.reject(new Error('no checks here')) },
    sessions: { endSessions: async () => {} },
    connections: async () => undefined,
    onLost: () => () => {},
    ready: () => undefined,
    close: async () => close(),
  };
}
