import { appendFileSync } from 'node:fs';
import type pg from 'pg';
import { connectDatabase } from './connect-database.ts';
import { maskSecrets } from './mask-secrets.ts';
import { openSources, type Sources, sourceKind } from './sources/source-addresses.ts';
import { TaskError } from './task-error.ts';

/** What a task reports about itself: one JSON line per call in the report file. */
export type TaskReport = {
  /** From 0 to 1. */
  readonly progress?: number;
  /** What the other values do not say; empty when they say it all. */
  readonly message?: string;
  /** Rows of the part that was loaded. */
  readonly rows?: number;
  /** Rows that differ from before: added, changed or removed. */
  readonly rows_changed?: number;
  readonly quota_remaining?: number;
  readonly retry_after_seconds?: number;
};

/** What a task works with, for as long as it runs. */
export type TaskContext = {
  readonly name: string;
  readonly env: NodeJS.ProcessEnv;
  /** Absolute; files that the task writes lie below it. */
  readonly projectDirectory: string;
  /** Those of the run, or the one of this instance of a matrix. */
  readonly seasons: readonly number[];
  /** The earliest season of the run, also where each has a task of its own. */
  readonly firstSeason: number;
  /** Whether everything is loaded again, unchanged files included. */
  readonly reload: boolean;
  /** The sources are opened at the first call and closed when the task ends. */
  openSources(): Promise<Sources>;
  /** A new connection at each call, closed when the task ends or is stopped. */
  connect(): Promise<pg.Client>;
  /** The maximum number of connections of the task at any time. */
  readonly connectionBudget: number;
  report(line: TaskReport): void;
  log(line: string): void;
  /** Aborted when the task is stopped. */
  readonly signal: AbortSignal;
};

const DEFAULT_SEASONS = '2023-2024';

/** A context from the environment; `close` ends its connections and sources. Wrong settings throw a TaskError. */
export function openTaskContext(
  name: string,
  options: { readonly signal: AbortSignal; readonly env?: NodeJS.ProcessEnv; readonly projectDirectory?: string },
): { readonly context: TaskContext; close(): Promise<void> } {
  const { signal, env = process.env, projectDirectory = process.cwd() } = options;
  const ofRun = parseSeasons(env['ETL_PARAM_SEASONS'] || DEFAULT_SEASONS);
  const season = env['ETL_MATRIX_SEASON'];
  const seasons = season ? parseSeasons(season) : ofRun;
  // Generated rows must not be mistaken for real ones wherever a line of this task is read.
  const label = sourceKind(env) === 'sample' ? 'sample data: ' : '';
  const clients: pg.Client[] = [];
  let sources: Promise<Sources> | undefined;

  const context: TaskContext = {
    name,
    env,
    projectDirectory,
    seasons,
    firstSeason: Math.min(...ofRun),
    reload: env['ETL_PARAM_RELOAD'] === 'true',
    signal,
    connectionBudget: Math.max(1, Math.trunc(Number(env['ETL_CONNECTIONS'])) || 1),
    openSources: () => {
      sources ??= openSources(env, projectDirectory);
      return sources;
    },
    connect: async () => {
      signal.throwIfAborted();
      const client = await connectDatabase(env);
      clients.push(client);
      return client;
    },
    report: (line) => {
      const file = env['ETL_TASK_REPORT'];
      if (!file) return;
      const { message, ...rest } = line;
      const labelled = message === '' ? label.replace(': ', '') : label + (message ?? '');
      const isEmpty = message === undefined || labelled === '';
      const written = isEmpty ? rest : { ...rest, message: maskSecrets(labelled, env) };
      appendFileSync(file, `${JSON.stringify(written)}\n`);
    },
    log: (line) => {
      process.stdout.write(`${maskSecrets(label + line, env)}\n`);
    },
  };

  const endClients = () => Promise.allSettled(clients.map((client) => client.end()));
  signal.addEventListener('abort', () => void endClients(), { once: true });
  return {
    context,
    close: async () => {
      await endClients();
      const opened = await sources?.catch(() => undefined);
      await opened?.close();
    },
  };
}

const FIRST_SEASON = 1999;
const LAST_SEASON = 2099;

/**
 * The seasons named by a parameter: `2023`, `2023-2024` or `2023..2024` (both ends included), several of them with commas
 * between. Play-by-play begins in 1999. Throws a usage error for anything else.
 */
function parseSeasons(text: string): readonly number[] {
  return [...new Set(text.split(',').flatMap(parseRange))];
}

function parseRange(text: string): readonly number[] {
  const match = /^(\d{4})(?:(?:-|\.\.)(\d{4}))?$/.exec(text.trim());
  if (match === null) {
    throw new TaskError(`seasons "${text}" is neither a year like 2023 nor a range like 2023-2024`, { exitCode: 2 });
  }
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  if (first > last)
    throw new TaskError(`seasons "${text}" ends before it starts; write ${last}-${first}`, { exitCode: 2 });
  if (first < FIRST_SEASON || last > LAST_SEASON) {
    throw new TaskError(`seasons "${text}" is outside ${FIRST_SEASON}-${LAST_SEASON}`, { exitCode: 2 });
  }
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
