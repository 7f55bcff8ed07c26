import { type Diagnostic, displayLines, followTask } from '../../engine/index.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes } from '../exit-code.ts';
import type { Invocation } from '../invocation.ts';
import { jsonForm, type LogsOptions, textForm } from '../stored-runs/log-line-form.ts';
import { type LogPrinter, printJsonLines, printRaw, printSafely } from '../stored-runs/log-printers.ts';
import { namedRun, refuse } from '../stored-runs/stored-runs.ts';
import { logsOfAll } from './logs-of-all.ts';

type FollowedTask = Extract<Awaited<ReturnType<typeof followTask>>, { ok: true }>['value'];

const lookEveryMs = 100;

/**
 * Prints what a task printed: for a terminal made safe, otherwise byte for byte. Following, it goes on with what comes,
 * and with later attempts, until the run has ended.
 */
export async function logs(
  named: string,
  name: string | undefined,
  options: LogsOptions,
  invocation: Invocation,
): Promise<number> {
  const mistake = mistakeIn(name, options);
  if (mistake !== undefined) return refuse(mistake, options, invocation);
  const found = await namedRun(named, options, invocation);
  if (typeof found === 'number') return found;
  if (name === undefined) return logsOfAll(found, options, invocation);
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
  if (attempt === 0) invocation.err.write(`${displayLines(task.task)[0]} did not run\n`);
  else {
    const printing = openPrinting(task, attempt, options, invocation);
    await printing.more();
    await printing.end();
  }
}

async function followAttempts(task: FollowedTask, options: LogsOptions, invocation: Invocation): Promise<void> {
  let attempt = options.attempt ?? Math.max(1, task.update().attempts);
  let printing = openPrinting(task, attempt, options, invocation);
  const reader = invocation.out.reader();
  for (;;) {
    // Looked at before the log: what was written by then is printed now.
    const { attempts, isOver, isRunning } = task.update();
    const isRead = await printing.more();
    const hasEnded = !isRunning || attempts > attempt || (attempts === attempt && isOver);
    if (!isRead || reader.aborted || !isRunning || (hasEnded && options.attempt !== undefined)) break;
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
type Printing = { readonly more: () => Promise<boolean>; readonly end: () => Promise<void> };

/** With the moment of each line. */
function openStampedPrinting(task: FollowedTask, attempt: number, options: LogsOptions, { out }: Invocation): Printing {
  const log = task.openLog(attempt);
  const form = options.json === true ? jsonForm(true) : textForm(out, true, 0);
  let next = 0;
  const print = async (isOver: boolean): Promise<boolean> => {
    for (;;) {
      const lines = await log.lines(next, linesAtOnce);
      // The last line may not be complete.
      const whole = isOver || lines.length === linesAtOnce ? lines : lines.slice(0, -1);
      const last = whole.at(-1);
      if (last === undefined) return true;
      next = last.number + 1;
      const text = whole.map((line) => `${form({ ...line, attempt })}\n`).join('');
      if (!(await out.writeBytes(Buffer.from(text)))) return false;
    }
  };
  return {
    more: () => print(false),
    end: async () => {
      await print(true);
      await log.close();
    },
  };
}

const linesAtOnce = 1_000;

function openPrinting(task: FollowedTask, attempt: number, options: LogsOptions, invocation: Invocation): Printing {
  if (options.timestamps === true) return openStampedPrinting(task, attempt, options, invocation);
  const { out } = invocation;
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

function mistakeIn(name: string | undefined, { all, attempt }: LogsOptions): Diagnostic | undefined {
  const code = 'usage/bad-argument';
  if (name !== undefined && all === true) {
    const message = `"${name}" and --all exclude each other`;
    return { code, severity: 'error', message, hint: 'leave out the one that is not meant' };
  }
  if (name !== undefined || attempt === undefined) return undefined;
  return { code, severity: 'error', message: '--attempt needs a task', hint: 'name it: etl-tui logs RUN TASK' };
}

function noAttempt(task: string, attempt: number, attempts: number, run: string) {
  const made = attempts === 0 ? 'did not run' : attempts === 1 ? 'had one attempt' : `had ${attempts} attempts`;
  return {
    code: 'usage/bad-argument',
    severity: 'error',
    message: `there is no attempt ${attempt}: task "${task}" ${made} in run ${run}`,
    hint: 'without --attempt, the latest attempt is printed',
  } as const;
}
