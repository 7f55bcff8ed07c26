import { appendFileSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { formatCount } from '../../display/format/format-count.ts';
import {
  type Diagnostic,
  displayText,
  failed,
  ok,
  openDatabase,
  openSqlSession,
  type Result,
  type SqlSession,
} from '../../engine/index.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes, signalExitCodes } from '../exit-code.ts';
import type { DisplayOptions, Invocation } from '../invocation.ts';
import { onStopSignal } from '../signals.ts';
import { databaseProject } from './db.ts';

type SqlFile = { readonly name: string; readonly text: string };

/**
 * Executes files of SQL, one after the other, each in a transaction of its own: those of a task in the database of its run.
 * What queries give goes to standard output, for programs; what was done, to standard error.
 */
export async function dbSql(
  names: readonly string[],
  display: DisplayOptions,
  invocation: Invocation,
): Promise<number> {
  const files: SqlFile[] = [];
  for (const name of names) {
    const file = readSql(name, invocation.cwd);
    if (!file.ok) return showDiagnostics([file.error], display, invocation);
    files.push(file.value);
  }
  const opened = await openHere(display, invocation);
  if (!opened.ok) return showDiagnostics([opened.error], display, invocation);
  const { session, close } = opened.value;
  let exitCode: number = exitCodes.success;
  const stopListening = onStopSignal((signal) => {
    exitCode = signalExitCodes[signal];
    session.abandon();
  });
  try {
    const failure = await executeAll(session, files, invocation);
    if (failure === undefined || exitCode !== exitCodes.success) return exitCode;
    const { error, text } = failure;
    const shown = showDiagnostics([error], display, invocation, new Map([[error.at?.file ?? '', text]]));
    return error.code === 'database/sql-failed' ? exitCodes.taskFailed : shown;
  } finally {
    stopListening();
    await close();
  }
}

/** Stops at the first that fails, and returns why. */
async function executeAll(session: SqlSession, files: readonly SqlFile[], { out, err, env }: Invocation) {
  let changedRows = 0;
  for (const { name, text } of files) {
    const done = await session.execute(text, name);
    if (!done.ok) return { error: done.error, text };
    const { statements, rows } = done.value;
    changedRows += done.value.changedRows;
    for (const row of rows) out.write(`${row.map((value) => value ?? '').join('\t')}\n`);
    const changed = formatCount(done.value.changedRows, 'row');
    err.write(`${displayText(name)}: ${formatCount(statements, 'statement')}, ${changed} changed\n`);
  }
  const report = env['ETL_TASK_REPORT'];
  if (report) appendFileSync(report, `${JSON.stringify({ rows: changedRows })}\n`);
  return undefined;
}

/** The database that the environment names, as in a task; else the project's own, which is started when it is not running. */
async function openHere(
  display: DisplayOptions,
  invocation: Invocation,
): Promise<Result<{ readonly session: SqlSession; readonly close: () => Promise<void> }, Diagnostic>> {
  const say = (notice: string) => invocation.err.write(`${displayText(notice)}\n`);
  if (invocation.env['DATABASE_URL']) {
    const session = await openSqlSession(invocation.env, say);
    return session.ok ? ok({ session: session.value, close: session.value.close }) : session;
  }
  const project = databaseProject(invocation);
  const database = await openDatabase({
    ...project,
    applicationName: 'etl-tui db sql',
    onWarning: (warning) => void showDiagnostics([warning], display, invocation),
  });
  if (!database.ok) return database;
  const session = await openSqlSession({ ...project.env, ...database.value.environment }, say);
  if (session.ok) {
    const close = async () => {
      await session.value.close();
      await database.value.close();
    };
    return ok({ session: session.value, close });
  }
  await database.value.close();
  return session;
}

/** @param name a path, or `-` for standard input */
function readSql(name: string, cwd: string): Result<SqlFile, Diagnostic> {
  try {
    const bytes = readFileSync(name === '-' ? 0 : resolve(cwd, name));
    return ok({ name, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) });
  } catch (error) {
    return failed({
      code: 'usage/bad-argument',
      severity: 'error',
      message: `"${displayText(name)}" cannot be read: ${reasonOf(error as NodeJS.ErrnoException)}`,
    });
  }
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return 'there is no such file';
  if (error.code === 'EISDIR') return 'it is a directory';
  if (error.code === 'EACCES') return 'permission denied';
  return error instanceof TypeError ? 'it is not text in UTF-8' : error.message;
}
