import { closeSync, readFileSync } from 'node:fs';
import manifest from '../../package.json' with { type: 'json' };
import { exitCodes, signalExitCodes } from './exit-code.ts';
import { openOutput } from './output/output.ts';
import { runProgram } from './run-program.ts';
import { ignoredSignals, keepIgnoring } from './signals.ts';

const out = openOutput(process.stdout);
const err = openOutput(process.stderr);

/** With fewer, some versions of Node.js cannot load the program, and a run of a few tasks cannot be carried out. */
const minOpenFiles = 100;

keepIgnoring(ignoredSignals(process.env));
process.on('uncaughtException', (error) => void reportBug(error));
try {
  if (maxOpenFiles() < minOpenFiles) await refuseFileLimit();
  const cwd = workingDirectory();
  await leave(await runProgram(process.argv.slice(2), { cwd, env: process.env, out, err }));
} catch (error) {
  await reportBug(error);
}

/** Where the system does not tell, it is found out. */
function maxOpenFiles(): number {
  try {
    return Number(
      /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? Number.POSITIVE_INFINITY,
    );
  } catch (error) {
    return isFileLimit(error) ? 0 : Number.POSITIVE_INFINITY;
  }
}

/** Undefined when somebody has deleted it. */
function workingDirectory(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

/** Whatever may still be open, the program ends here. */
async function leave(exitCode: number): Promise<never> {
  await Promise.all([out.flush(), err.flush()]);
  // When its terminal is gone, Node 20 aborts on the attempt to restore it.
  if (exitCode === signalExitCodes.SIGHUP) for (const stream of [0, 1, 2]) closeQuietly(stream);
  process.exit(exitCode);
}

function closeQuietly(stream: number): void {
  try {
    closeSync(stream);
  } catch {
    // It was closed by whoever started us.
  }
}

async function reportBug(error: unknown): Promise<never> {
  if (isFileLimit(error)) return refuseFileLimit();
  const isDebugging = Boolean(process.env['ETL_TUI_DEBUG']);
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  const text = await maskSecrets((isDebugging && stack) || message);
  const more = isDebugging ? '' : '; ETL_TUI_DEBUG=1 shows where it happened';
  err.write(
    `etl-tui: ${text.replace(/[^\P{Cc}\n]|\p{Cf}/gu, '?')}\n` +
      `This is a bug in etl-tui ${manifest.version}, not in your pipeline. Please report it to its maintainers${more}.\n`,
  );
  return leave(exitCodes.bug);
}

/** Node.js 20 opens all parts of the program at once, which are more than a hundred files. */
function isFileLimit(error: unknown): boolean {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return code === 'EMFILE' || code === 'ENFILE';
}

/** In plain words, because what prints mistakes may be what cannot be loaded. */
function refuseFileLimit(): Promise<never> {
  err.write(
    'error[run/too-few-files]: the limit of open files is too low\n' +
      '  hint: raise it to 256 or more (ulimit -n 256); if the whole system is at its limit, close other programs\n',
  );
  return leave(exitCodes.precondition);
}

/** The engine is large, and loaded for this only; it may itself be what does not load. */
async function maskSecrets(text: string): Promise<string> {
  try {
    const { maskEnvironment } = await import('../engine/index.ts');
    return maskEnvironment(text, process.env, process.argv);
  } catch {
    return text;
  }
}
