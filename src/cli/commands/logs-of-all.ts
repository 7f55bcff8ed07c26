import { followRun } from '../../engine/index.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes } from '../exit-code.ts';
import type { Invocation } from '../invocation.ts';
import { jsonForm, type LogsOptions, textForm } from '../stored-runs/log-line-form.ts';
import { refuse } from '../stored-runs/stored-runs.ts';

type Followed = Extract<Awaited<ReturnType<typeof followRun>>, { ok: true }>['value'];
type Found = { readonly logDir: string; readonly run: Parameters<typeof followRun>[1] };

const lookEveryMs = 100;
/** Lines are written together, up to about so many characters. */
const batchCharacters = 0x10000;
const longestName = 24;

/** Prints what all tasks of a run printed, by time, each line with its task. Following, it goes on until the run has ended. */
export async function logsOfAll({ logDir, run }: Found, options: LogsOptions, invocation: Invocation): Promise<number> {
  const followed = await followRun(logDir, run);
  if (!followed.ok) return refuse(followed.error, options, invocation);
  showDiagnostics(followed.value.notices, options, invocation);
  const print = openPrinter(followed.value, options, invocation);
  const isFollowing = options.follow === true;
  const reader = isFollowing ? invocation.out.reader() : undefined;
  for (;;) {
    const isRunning = followed.value.update();
    const isRead = await print();
    if (!isRead || reader?.aborted || !isRunning || !isFollowing) return exitCodes.success;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

/** Prints what there is by now; false when nobody reads any more. */
function openPrinter({ tasks, next }: Followed, options: LogsOptions, { out }: Invocation): () => Promise<boolean> {
  const stamps = options.timestamps === true;
  const width = Math.min(longestName, Math.max(0, ...tasks.map((task) => task.length)));
  const form = options.json === true ? jsonForm(stamps) : textForm(out, stamps, width);
  return async () => {
    let batch = '';
    for (let piece = await next(); piece !== undefined; piece = await next()) {
      const { source, stamp } = piece;
      const known = { task: source.task, attempt: source.attempt, ...(stamp === undefined ? {} : { stamp }) };
      for (const text of piece.lines) batch += `${form({ ...known, text })}\n`;
      if (batch.length < batchCharacters) continue;
      if (!(await out.writeBytes(Buffer.from(batch)))) return false;
      batch = '';
    }
    return batch === '' || (await out.writeBytes(Buffer.from(batch)));
  };
}
