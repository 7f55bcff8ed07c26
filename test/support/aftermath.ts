import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runDirectories } from '../../src/engine/storage/runs/stored-runs.ts';
import { differingResults } from './aftermath/differing-results.ts';
import { type Ending, endingProblems } from './aftermath/ending-problems.ts';
import { heldLocks } from './aftermath/held-locks.ts';
import { leakedCanaries } from './aftermath/leaked-canaries.ts';
import { leftFiles } from './aftermath/left-files.ts';
import { missingPaths } from './aftermath/missing-paths.ts';
import { pollUntilEmpty } from './aftermath/poll-until-empty.ts';
import { survivingProcesses } from './aftermath/surviving-processes.ts';
import { unusedServers } from './aftermath/unused-servers.ts';

export type Aftermath = {
  /** Of the project, in which no etl-tui runs any more; absolute. */
  readonly directory: string;
  /** How the last call of the program ended; one that has not is waited for. Of a screen, `out` is all that was sent to it. */
  readonly ended: Ending | Promise<Ending>;
  /** How long that may take, in ms. */
  readonly withinMs?: number;
  /** How long what was left may take to go: a guardian gives the tasks of a killed run their grace first. In ms. */
  readonly settleWithinMs?: number;
  /** The exit codes that are right here; null stands for SIGKILL. Without them every one of the table is, but that of a bug. */
  readonly exitCodes?: readonly (number | null)[];
  /** Absolute; `logs/etl` in the project unless named. */
  readonly logDir?: string;
  /** The environment of the calls, where it decides the place of the lock. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Secrets, which may be in no file and in no output, in whatever shape. */
  readonly canaries?: readonly string[];
  /** Files in which the test itself wrote them, relative to the project; the pipeline file unless named. */
  readonly canarySources?: readonly string[];
  /** The project's own server is to go on: `db start`, or one that did not answer and was left, with a warning. */
  readonly isServerKept?: boolean;
};

/**
 * What has to hold after every run, whatever happened to it: it ended in time, with an exit code of the table and not that
 * of a bug; what it names is there; no process of it lives, and no server without a user; its lock can be taken; its result
 * files are what its journal says; nothing half written lies about; and no secret is in any of it.
 */
export async function expectCleanAftermath(aftermath: Aftermath): Promise<void> {
  expect(await findProblems(aftermath)).toEqual([]);
}

/** The same as a list of everything that is wrong, each as a sentence. */
export async function findProblems(aftermath: Aftermath): Promise<readonly string[]> {
  const { directory, withinMs = 100_000, settleWithinMs = 40_000, exitCodes, env = {} } = aftermath;
  const { canaries = [], canarySources: sources = ['pipeline.yaml'], isServerKept } = aftermath;
  const logDir = aftermath.logDir ?? join(directory, 'logs/etl');
  const ended = await inTime(Promise.resolve(aftermath.ended), withinMs);
  if (ended === undefined) return [`it has not ended within ${withinMs / 1000}s`];
  const runs = existsSync(logDir) ? await runDirectories(logDir) : [];
  return [
    ...endingProblems(ended, exitCodes),
    ...missingPaths(ended.out, directory),
    ...(await pollUntilEmpty(() => survivingProcesses(directory, runs), settleWithinMs)),
    ...(isServerKept === true ? [] : await pollUntilEmpty(() => unusedServers(directory, env), settleWithinMs)),
    ...(await heldLocks({ directory, logDir, runs, env })),
    ...(await differingResults(logDir, runs, ended)),
    ...leftFiles(logDir, runs, ended),
    ...leakedCanaries({ directory, logDir, ended, canaries, sources }),
  ];
}

async function inTime<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
