import { displayLines, followTask } from '../../engine/index.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes } from '../exit-code.ts';
import type { Invocation } from '../invocation.ts';
import { type LogPrinter, printJsonLines, printRaw, printSafely } from '../stored-runs/log-printers.ts';
import { namedRun, refuse, type StoredRunOptions } from '../stored-runs/stored-runs.ts';

export type LogsOptions = StoredRunOptions & { readonly attempt?: number; readonly follow?: true };

type FollowedTask = Extract<Awaited<ReturnType<typeof followTask>>, { ok: true }>['value'];

const lookEveryMs = 100;

/**
 * Prints what a task printed: for a terminal made safe, otherwise byte for byte. Following, it goes on with what comes,
 * and with later attempts, until the run has ended.
 */
export async function logs(named: string, name: string, options: LogsOptions, invocation: Invocation): Promise<number> {
  const found = await namedRun(named, options, invocation);
  if (typeof found === 'number') return found;
  const followed = await followTask(found.logDir, found.run, name);
  if (!followed.ok) return refuse(followed.error, options, invocation);
  const task = followed.value;
  showDiagnostics(task.notices, options, invocation);
  const { attempts } = task.update();
  if (options.attempt !== undefined && options.attempt > attempts && options.follow !== true) {
    return refuse(noAttempt(name, options.attempt, attempts, found.run), options, invocation);
  }
  const follow = options.follow === true ? followAttempts : printAttempt;
  await follow(task, options, invocation);
  return exitCodes.success;
}

async function printAttempt(task: FollowedTask, options: LogsOptions, invocation: Invocation): Promise<void> {
  const { attempts } = task.update();
  const attempt = options.attempt ?? attempts;
  if (attempt === 0) invocation.err.write(`${displayLines(task.task)[0]} was not started\n`);
  else {
    const printing = openPrinting(task, attempt, options, invocation);
    await printing.more();
    await printing.end();
  }
}

async function followAttempts(task: FollowedTask, options: LogsOptions, invocation: Invocation): Promise<void> {
  let attempt = options.attempt ?? Math.max(1, task.update().attempts);
  let printing = openPrinting(task, attempt, options, invocation);
  for (;;) {
    // Looked at before the log: what was written by then is printed now.
    const { attempts, isOver, isRunning } = task.update();
    const isRead = await printing.more();
    const hasEnded = !isRunning || attempts > attempt || (attempts === attempt && isOver);
    if (!isRead || !isRunning || (hasEnded && options.attempt !== undefined)) break;
    if (attempts > attempt) {
      await printing.end();
      attempt += 1;
      invocation.err.write(`attempt ${attempt}\n`);
      printing = openPrinting(task, attempt, options, invocation);
      continue;
    }
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  await printing.end();
}

/** Prints one log from its beginning, in steps. `more` is false when nobody reads what is printed. */
function openPrinting(
  task: FollowedTask,
  attempt: number,
  options: LogsOptions,
  { out }: Invocation,
): { readonly more: () => Promise<boolean>; readonly end: () => Promise<void> } {
  const log = task.openLog(attempt);
  const printer: LogPrinter =
    options.json === true ? printJsonLines(out, attempt) : out.isTerminal ? printSafely(out) : printRaw(out);
  let offset = 0;
  return {
    more: async () => {
      for (let chunk = await log.chunk(offset); chunk !== undefined; chunk = await log.chunk(offset)) {
        const dropped = chunk.offset - offset;
        if (dropped > 0 && !(await printer.write(Buffer.from(`\n… ${dropped} bytes dropped …\n`)))) return false;
        if (!(await printer.write(chunk.bytes))) return false;
        offset = chunk.offset + chunk.bytes.length;
      }
      return true;
    },
    end: async () => {
      await printer.end();
      await log.close();
    },
  };
}

function noAttempt(task: string, attempt: number, attempts: number, run: string) {
  const made = attempts === 0 ? 'was not started' : attempts === 1 ? 'had one attempt' : `had ${attempts} attempts`;
  return {
    code: 'usage/bad-argument',
    severity: 'error',
    message: `there is no attempt ${attempt}: task "${task}" ${made} in run ${run}`,
    hint: 'without --attempt it is the last one',
  } as const;
}
