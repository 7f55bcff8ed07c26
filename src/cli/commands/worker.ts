import { statSync } from 'node:fs';
import { availableParallelism, hostname } from 'node:os';
import { resolve } from 'node:path';
import { formatCount } from '../../display/format/format-count.ts';
import { type Diagnostic, displayText, parseDuration, startWorker } from '../../engine/index.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes } from '../exit-code.ts';
import type { DisplayOptions, Invocation } from '../invocation.ts';
import { onStopSignal } from '../signals.ts';

export type WorkerOptions = DisplayOptions & {
  readonly name?: string;
  readonly labels?: readonly string[];
  readonly slots?: number;
  readonly lease: string;
  readonly allow?: readonly string[];
  readonly root?: string;
};

/** Carries out tasks until it is asked to end, or its lease is lost. */
export async function worker(options: WorkerOptions, invocation: Invocation): Promise<number> {
  const { cwd, env, out } = invocation;
  const leaseMs = parseDuration(options.lease);
  if (leaseMs === undefined || leaseMs < 1_000) return showDiagnostics([badLease(options.lease)], options, invocation);
  const say = (text: string) => out.write(`${displayText(text)}\n`);
  const { labels = [], slots = availableParallelism(), allow } = options;
  const root = resolve(cwd, options.root ?? '.');
  if (!isDirectory(root)) return showDiagnostics([badRoot(options.root ?? '.')], options, invocation);
  const started = await startWorker({
    ...{ name: options.name ?? hostname(), labels, slots, leaseMs, root, env },
    ...(allow === undefined ? {} : { allow }),
    onWarning: (warning) => void showDiagnostics([warning], options, invocation),
    onBegin: (key) => say(`${key} started`),
    onEnd: (key, exit) => say(`${key} ${exit.kind === 'exited' ? `exit code ${exit.code}` : exit.kind}`),
  });
  if (!started.ok) return showDiagnostics([started.error], options, invocation);
  const { id, over, drain, stop, running } = started.value;
  say(
    `worker ${id} takes tasks: ${formatCount(slots, 'slot')}${labels.length === 0 ? '' : `, labels ${labels.join(', ')}`}, in ${root}`,
  );
  const release = onStopSignal((_, count) => {
    if (count > 1) return stop();
    if (running() > 0)
      say(
        `takes nothing more, and ends when its ${formatCount(running(), 'task')} ${running() === 1 ? 'has' : 'have'}; once more ends them`,
      );
    drain();
  });
  try {
    const how = await over;
    if (how === 'drained') return exitCodes.success;
    say(`the lease of ${id} is lost: its tasks were ended`);
    return exitCodes.leaseLost;
  } finally {
    release();
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Every attempt would fail there. */
function badRoot(text: string): Diagnostic {
  return {
    code: 'usage/bad-argument',
    severity: 'error',
    message: `--root ${text}: there is no such directory`,
    hint: 'name the directory of the project on this machine',
  };
}

function badLease(text: string): Diagnostic {
  return {
    code: 'usage/bad-argument',
    severity: 'error',
    message: `--lease ${text}: must be a duration of at least 1s`,
    hint: 'such as 30s',
  };
}
