import { relative } from 'node:path';
import { execa } from 'execa';
import { formatCount } from '../../display/format/format-count.ts';
import {
  clientEnvironment,
  type DatabaseStatus,
  databaseStatus,
  databaseUrl,
  displayText,
  type FoundPipeline,
  findPipeline,
  findPsql,
  openDatabase,
  planPipeline,
  readSurroundings,
  startDatabase,
  stopDatabase,
} from '../../engine/index.ts';
import { progressTo, showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes, signalExitCodes } from '../exit-code.ts';
import type { DisplayOptions, Invocation } from '../invocation.ts';
import { onStopSignal } from '../signals.ts';

/** Starts the project's own PostgreSQL and keeps it running. */
export async function dbStart(display: DisplayOptions, invocation: Invocation): Promise<number> {
  const started = await startDatabase(databaseProject(invocation));
  if (!started.ok) return showDiagnostics([started.error], display, invocation);
  if (started.value.state === 'external')
    invocation.out.write(`${started.value.origin} names the database, so there is nothing to start\n`);
  invocation.out.write(describeStatus(started.value, invocation.cwd));
  return exitCodes.success;
}

/** Stops the project's own PostgreSQL, or lets it stop when the last run has done with it. */
export async function dbStop(display: DisplayOptions, invocation: Invocation): Promise<number> {
  const stopped = await stopDatabase(databaseProject(invocation));
  if (!stopped.ok) return showDiagnostics([stopped.error], display, invocation);
  const messages = {
    stopped: 'stopped',
    'in-use': 'in use: it stops when the last etl-tui process that uses it ends',
    'not-running': 'it is not running',
    external: 'the environment names another database, which etl-tui does not stop',
  };
  invocation.out.write(`${messages[stopped.value]}\n`);
  return exitCodes.success;
}

/** Says what is there; starts nothing. */
export async function dbStatus(display: DisplayOptions, invocation: Invocation): Promise<number> {
  const status = await databaseStatus(databaseProject(invocation));
  if (!status.ok) return showDiagnostics([status.error], display, invocation);
  invocation.out.write(describeStatus(status.value, invocation.cwd));
  return exitCodes.success;
}

/** Prints the address with its password, for other programs. */
export async function dbUrl(display: DisplayOptions, invocation: Invocation): Promise<number> {
  const url = await databaseUrl(databaseProject(invocation));
  if (!url.ok) return showDiagnostics([url.error], display, invocation);
  invocation.out.write(`${invocation.out.isTerminal ? displayText(url.value) : url.value}\n`);
  return exitCodes.success;
}

/** A psql session in the run's database; the exit code is psql's. The password goes through the environment. */
export async function dbPsql(
  args: readonly string[],
  display: DisplayOptions,
  invocation: Invocation,
): Promise<number> {
  const psql = findPsql(invocation.env);
  if (!psql.ok) return showDiagnostics([psql.error], display, invocation);
  const opened = await openDatabase({
    ...databaseProject(invocation),
    applicationName: 'etl-tui psql',
    onWarning: (warning) => void showDiagnostics([warning], display, invocation),
  });
  if (!opened.ok) return showDiagnostics([opened.error], display, invocation);
  const database = opened.value;
  try {
    return await runInteractively(psql.value, args, clientEnvironment(invocation.env, database.environment));
  } finally {
    await database.close();
  }
}

async function runInteractively(program: string, args: readonly string[], env: Invocation['env']): Promise<number> {
  const child = execa(program, args, { stdio: 'inherit', env, extendEnv: false, reject: false });
  // Ctrl-C belongs to psql, which gets it from the terminal itself.
  const stopListening = onStopSignal((signal) => {
    if (signal !== 'SIGINT') child.kill(signal);
  });
  const { exitCode, signal } = await child.finally(stopListening);
  if (child.pid === undefined) return exitCodes.precondition;
  const known = signal !== undefined && signal in signalExitCodes;
  return exitCode ?? (known ? signalExitCodes[signal as keyof typeof signalExitCodes] : exitCodes.taskFailed);
}

/** The project is where its pipeline was found, like for a run; without one, the working directory. */
export function databaseProject({ cwd, env, err }: Invocation) {
  const found = findPipeline(undefined, cwd);
  return {
    projectDir: found.ok ? found.value.projectDir : cwd,
    env: found.ok ? environmentOf(found.value, env) : env,
    onProgress: progressTo(err),
  };
}

/** With what its files of variables set for a whole run, as far as they can be read: they may name the database. */
function environmentOf({ text, file, projectDir, readIncluded }: FoundPipeline, env: Invocation['env']) {
  const { plan } = planPipeline(text, file, {}, undefined, readIncluded);
  const around = plan === undefined ? undefined : readSurroundings({ ...plan, tasks: [] }, projectDir, env);
  return around?.ok ? around.value.env : env;
}

function describeStatus(status: DatabaseStatus, cwd: string): string {
  if (status.state === 'external') return `${displayText(status.description)}\n`;
  const directory = displayText(relative(cwd, status.directory) || '.');
  if (status.state === 'absent') return `not created yet; its data will be in ${directory}\n`;
  if (status.state === 'stopped') return `stopped; its data is in ${directory}\n`;
  const until = status.isKept
    ? 'kept running until "etl-tui db stop"'
    : 'stops when the last etl-tui process that uses it ends';
  const users =
    status.users === undefined
      ? ''
      : status.users === 0
        ? '; not in use'
        : `; in use by ${formatCount(status.users, 'etl-tui process', 'etl-tui processes')}`;
  return `running on 127.0.0.1:${status.port} (process ${status.pid}), ${until}${users}\nits data is in ${directory}\n`;
}
