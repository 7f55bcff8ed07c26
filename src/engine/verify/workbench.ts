import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { compareDatabases } from '../database/compare/compare-databases.ts';
import { readActivity, readCounts, type TableActivity } from '../database/compare/read-activity.ts';
import type { ContentCache } from '../database/compare/read-content.ts';
import type { DatabaseComparison, Place } from '../database/compare/table-content.ts';
import { endClient } from '../database/connection/client-deadlines.ts';
import type { ScratchDatabase, ScratchServer } from '../database/scratch/scratch-server.ts';
import { openScratchServer } from '../lazy-database.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { EpochMs } from '../model/ids.ts';
import type { Plan } from '../model/pipeline/plan.ts';
import { failed, ok, type Result } from '../model/result.ts';
import { makeDirectories } from '../platform/make-directories.ts';
import { stateDirectory } from '../platform/state-directory.ts';
import { maskRun } from '../run/parts/run-masking.ts';
import { writeError } from '../storage/fs/cannot-write.ts';
import type { PathRoots } from '../storage/fs/pipeline-paths.ts';
import { newRunId } from '../storage/runs/run-id.ts';
import { lockRun } from '../storage/runs/run-lock.ts';
import { type DeclaredOutputs, type OutputSnapshot, setOutputsAside } from './declared-outputs.ts';
import { createDatabaseRunner, type RunEnding, type RunHow } from './run-on-database.ts';
import type { Halt, VerifyRequest } from './verify-request.ts';
import { notPutBack, warnOnce, wroteOutside } from './workbench-diagnostics.ts';

/** Where the proofs are carried out: databases to run tasks on and to compare. After a stop, nothing more is begun. */
export type Workbench = {
  /** For messages, without secrets. */
  readonly server: string;
  readonly mask: (text: string) => string;
  /** What is there now of the outputs that tasks declare. */
  snapshot(paths: readonly string[]): Promise<Result<OutputSnapshot, Halt>>;
  create(label: string): Promise<Result<ScratchDatabase, Halt>>;
  /** Undefined where copies cannot be made. */
  copy(from: ScratchDatabase, label: string): Promise<Result<ScratchDatabase | undefined, Halt>>;
  /** Does nothing when the databases are to be kept. */
  drop(database: ScratchDatabase): Promise<void>;
  /** When it has ended, nobody is connected to the database any more. */
  run(database: ScratchDatabase, plan: Plan, how: RunHow): Promise<Result<RunEnding, Halt>>;
  compare(expected: ScratchDatabase, found: ScratchDatabase): Promise<Result<DatabaseComparison, Halt>>;
  /** How often each table was read so far, and with `activity` also which version it has. */
  reads(database: ScratchDatabase): Promise<Result<TableActivity['reads'], Halt>>;
  activity(database: ScratchDatabase): Promise<Result<TableActivity, Halt>>;
  /** Drops and puts back everything, on every path. Tells what could not be, and what is kept. */
  close(): Promise<{ readonly databases: readonly string[]; readonly directory?: string }>;
};

const stopped: Halt = { kind: 'stopped' };

/** Errors: `run/locked`, `run/cannot-write`, those of `openScratchServer`. What was opened before an error is closed. */
export async function openWorkbench(request: VerifyRequest): Promise<Result<Workbench, Diagnostic>> {
  const { plan, projectDir, env, keep, inSchemas, onWarning } = request;
  const runId = newRunId(Date.now() as EpochMs, Math.random);
  // The tasks write files of the project, as those of a run would at the same time.
  const lock = lockRun({ ...request, pipeline: plan.pipeline.name }, runId);
  if (!lock.ok) return lock;
  const directory = join(stateDirectory(projectDir, env).path, 'verify', runId);
  const roots = { projectDir, runDir: join(directory, 'run-dir') };
  const made = makePrivate(join(directory, 'outputs'), roots.runDir);
  const id = randomInt(36 ** 6)
    .toString(36)
    .padStart(6, '0');
  const server = made.ok ? await openScratchServer({ ...request, id, keep, inSchemas }) : made;
  if (!server.ok) {
    rmSync(directory, { recursive: true, force: true });
    lock.value.release();
    return server;
  }
  const declared = plan.tasks.flatMap(({ spec, skip }) => (skip ? [] : spec.outputs));
  const aside = await keepAside(roots, declared, join(directory, 'outputs'));
  if (!aside.ok) {
    await server.value.close();
    rmSync(directory, { recursive: true, force: true });
    lock.value.release();
    return aside;
  }
  const warn = warnOnce(onWarning);
  const bench = composeBench(request, {
    server: server.value,
    directory,
    runDir: roots.runDir,
    runId,
    outputs: aside.value,
    warn,
    deadRun: lock.value.deadRun,
  });
  return ok({
    ...bench,
    close: async () => {
      for (const path of await aside.value.putBack()) warn(notPutBack(path, join(directory, 'outputs', path)));
      const databases = keep ? server.value.names() : [];
      for (const warning of await server.value.close()) warn(warning);
      if (!keep) rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
      lock.value.release();
      return { databases, ...(keep ? { directory } : {}) };
    },
  });
}

type Parts = {
  readonly server: ScratchServer;
  readonly directory: string;
  /** Where tasks leave files for each other, in whichever run: as if each were a further attempt in the same run. */
  readonly runDir: string;
  readonly runId: ReturnType<typeof newRunId>;
  readonly outputs: DeclaredOutputs;
  readonly warn: (warning: Diagnostic) => void;
  readonly deadRun: ReturnType<typeof newRunId> | undefined;
};

function composeBench(request: VerifyRequest, parts: Parts): Omit<Workbench, 'close'> {
  const { ignore, keep, stop, pipelinePath, pipelineText, projectDir, env, envFiles, params } = request;
  const { server, directory, runDir, runId, warn, deadRun } = parts;
  const { mask } = maskRun(request, server.secrets);
  const runner = createDatabaseRunner({
    pipelinePath,
    pipelineText,
    projectDir,
    env,
    ...(envFiles === undefined ? {} : { envFiles }),
    params,
    directory: join(directory, 'runs'),
    runDir,
    runId,
    onWarning: warn,
    ...(deadRun === undefined ? {} : { deadRun }),
  });
  stop.signal.addEventListener('abort', runner.cancel);
  stop.now.addEventListener('abort', runner.killNow);
  const cache: ContentCache = new Map();
  let since: number | undefined;
  /** Carries out a step unless the work is to end. */
  const step = async <Value>(work: () => Promise<Result<Value, Diagnostic>>): Promise<Result<Value, Halt>> => {
    if (stop.signal.aborted) return failed(stopped);
    const done = await work();
    if (stop.signal.aborted) return failed(stopped);
    return done.ok ? done : failed({ kind: 'mistake', mistake: done.error });
  };
  return {
    server: server.description,
    mask,
    snapshot: (paths) => step(() => attempt(parts.outputs.snapshot(paths))),
    create: (label) =>
      step(async () => {
        const now = since === undefined ? await server.now() : ok(since);
        if (!now.ok) return now;
        since = now.value;
        return server.create(label);
      }),
    copy: (from, label) => step(() => server.copy(from, label)),
    drop: async (database) => {
      for (const warning of keep ? [] : await server.drop(database)) warn(warning);
    },
    run: (database, plan, how) =>
      step(async () => {
        const before = await server.outside();
        if (!before.ok) return before;
        const ended = await runner.run(database, plan, how);
        if (!ended.ok) return ended;
        const settled = await server.settle(database);
        if (!settled.ok) return settled;
        const after = await server.outside();
        if (!after.ok) return after;
        const touched = [...after.value].filter(([name, writes]) => before.value.get(name) !== writes);
        return touched.length === 0
          ? ended
          : failed(
              wroteOutside(
                plan,
                touched.map(([name]) => name),
              ),
            );
      }),
    compare: (expected, found) =>
      step(async () => {
        const now = await server.now();
        if (!now.ok) return now;
        const options = { ignore, cache, from: (since ?? now.value) - clocksMs, to: now.value + clocksMs };
        return connected([expected, found], ([first, second]) => compareDatabases(first!, second!, options));
      }),
    reads: (database) => step(() => connected([database], ([place]) => readCounts(place!))),
    activity: (database) => step(() => connected([database], ([place]) => readActivity(place!))),
  };

  /** Works on a session in each of the databases; when it has ended, nobody is connected to them any more. */
  async function connected<Value>(
    databases: readonly ScratchDatabase[],
    work: (places: readonly Place[]) => Promise<Value>,
  ): Promise<Result<Value, Diagnostic>> {
    const places: Place[] = [];
    // A query over a large table may take long.
    const giveUp = () => {
      for (const { client } of places) client.connection.stream.destroy();
    };
    stop.signal.addEventListener('abort', giveUp);
    try {
      for (const database of databases) {
        const opened = await server.connect(database);
        if (!opened.ok) return opened;
        const { schema } = database;
        places.push({ client: opened.value, ...(schema === undefined ? {} : { schema }) });
      }
      return await attempt(work(places));
    } finally {
      stop.signal.removeEventListener('abort', giveUp);
      await Promise.all(places.map(({ client }) => endClient(client)));
      await Promise.all(databases.map(server.settle));
    }
  }
}

/** By how much the clock of a task may differ from that of the server. */
const clocksMs = 60_000;

async function attempt<Value>(work: Promise<Value>): Promise<Result<Value, Diagnostic>> {
  try {
    return ok(await work);
  } catch (error) {
    return failed({
      code: 'database/cannot-compare',
      severity: 'error',
      message: `The results cannot be compared: ${(error as Error).message}`,
      hint: 'ignore this column or table with --ignore, or correct it',
    });
  }
}

async function keepAside(
  roots: PathRoots,
  declared: readonly string[],
  aside: string,
): Promise<Result<DeclaredOutputs, Diagnostic>> {
  try {
    return ok(await setOutputsAside(roots, declared, aside));
  } catch (error) {
    return failed(writeError(aside, error));
  }
}

function makePrivate(...paths: readonly string[]): Result<void, Diagnostic> {
  for (const path of paths) {
    try {
      makeDirectories(path);
    } catch (error) {
      return failed(writeError(path, error));
    }
  }
  return ok(undefined);
}
