import { relative } from 'node:path';
import { formatCount } from '../../display/format/format-count.ts';
import {
  displayText,
  openChangeWatch,
  type PipelineChange,
  type Plan,
  pipelineChanges,
  previewRequest,
  previewReuse,
  type Selection,
} from '../../engine/index.ts';
import { countDiagnostics, printDiagnostics } from '../diagnostics/print-diagnostic.ts';
import { printOptions, showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes, type StopSignal, signalExitCodes } from '../exit-code.ts';
import type { DisplayOptions, Invocation } from '../invocation.ts';
import { createStyle, type Style } from '../output/style.ts';
import { paramLines } from '../plan/param-lines.ts';
import { planLines } from '../plan/plan-lines.ts';
import { runRequest } from '../run/run-request.ts';
import { onStopSignal } from '../signals.ts';
import { changeLines } from '../watch/change-lines.ts';
import {
  contentOf,
  lookAtPipeline,
  readWatched,
  readWithLook,
  type WatchedPipeline,
} from '../watch/watched-pipeline.ts';

export type WatchOptions = DisplayOptions &
  Selection & {
    readonly sequential?: true;
    readonly maxParallel?: number | 'auto';
    readonly reuse?: boolean;
    readonly param?: ReadonlyMap<string, string>;
    /** False with `--no-checks`. */
    readonly checks: boolean;
    readonly logDir?: string;
  };

const usualColumns = 100;
/** Clears a terminal and what has scrolled away, so that what is seen is of now. */
const clearScreen = '\x1b[2J\x1b[3J\x1b[H';

/** Names the mistakes of a pipeline, or shows its plan, now and after each change of its files, until a signal ends it. */
export async function watch(given: string | undefined, options: WatchOptions, invocation: Invocation): Promise<number> {
  const { out, env } = invocation;
  const reader = out.reader();
  const stopping = new AbortController();
  let signal: StopSignal | undefined;
  const stopListening = onStopSignal((received) => {
    signal ??= received;
    // The terminal has shown ^C; what comes next begins a line of its own.
    if (received === 'SIGINT' && out.isTerminal) out.write('\n');
    stopping.abort();
  });
  const read = (before?: WatchedPipeline) =>
    readWatched(given, options, options.param ?? new Map(), invocation, before);
  let { pipeline: current, look } = await readWithLook(read);
  const changes = openChangeWatch(() => lookAtPipeline(current, () => read(current)));
  const ending = AbortSignal.any([stopping.signal, reader]);
  try {
    if (current.files.length === 0) return showDiagnostics(current.diagnostics, options, invocation);
    const style = createStyle({ ...options, env, isTerminal: out.isTerminal });
    let shown = '';
    let valid: Plan | undefined;
    while (!ending.aborted) {
      const content = contentOf(current);
      if (content !== shown) {
        shown = content;
        const before = valid;
        valid = current.loaded?.plan ?? valid;
        const differs =
          before === undefined || valid === undefined ? [] : pipelineChanges(writtenOf(before), writtenOf(valid));
        const isFirst = before === undefined;
        const lines = await watchLines(current, isFirst ? undefined : differs, style, options, invocation);
        out.write(`${out.isTerminal ? clearScreen : ''}${lines}\n`);
      }
      await changes.next(ending, look);
      if (!ending.aborted) ({ pipeline: current, look } = await readWithLook(read, current));
    }
    return signal === undefined ? exitCodes.success : signalExitCodes[signal];
  } finally {
    changes.close();
    stopListening();
  }
}

function writtenOf({ written, pipeline }: Plan): Plan['pipeline'] {
  return written?.pipeline ?? pipeline;
}

/** @param changes since the last valid version; undefined when there was none */
async function watchLines(
  { loaded, diagnostics, sources, files }: WatchedPipeline,
  changes: readonly PipelineChange[] | undefined,
  style: Style,
  options: WatchOptions,
  invocation: Invocation,
): Promise<string> {
  const { out, env, cwd } = invocation;
  const { paint, icons } = style;
  const told = printDiagnostics(diagnostics, printOptions(out, options, env, sources));
  const name = displayText(relative(cwd, files[0]!) || files[0]!);
  const time = paint.dim(new Date().toTimeString().slice(0, 8));
  const others = files.length === 1 ? '' : ` and ${formatCount(files.length - 1, 'file')} that it names`;
  const watching = paint.dim(`watching ${name}${others}; Ctrl-C ends`);
  const count = countDiagnostics(diagnostics);
  if (loaded === undefined) {
    return [`${told}`, `${time} ${paint.red(icons.failed)} ${name}: ${count}`, watching, ''].join('\n');
  }
  const warned = diagnostics.length > 0 ? `, ${count}` : '';
  const request = runRequest(loaded, options, invocation);
  const [preview, reuse] = await Promise.all([previewRequest(request), previewReuse(request)]);
  const since = changes?.length === 0 ? ['nothing that runs has changed'] : ['changes since the last valid version:'];
  return [
    ...(told === '' ? [] : [told]),
    ...planLines(preview, paramLines(request), style, out.columns ?? usualColumns, reuse),
    '',
    // Last, because the beginning of a long plan scrolls away.
    ...(changes === undefined ? [] : [...since, ...changeLines(changes, style)]),
    `${time} ${paint.green(icons.succeeded)} ${name} is valid${warned}`,
    watching,
    '',
  ].join('\n');
}
