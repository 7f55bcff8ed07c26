import { displayLines, openLog, type RunReport } from '../../engine/index.ts';

/** What the failed tasks printed last, from their logs or what the results kept of it; safe on a terminal. */
export async function lastOutput(
  { result }: RunReport,
  most: { readonly tasks: number; readonly lines: number },
): Promise<ReadonlyMap<string, readonly string[]>> {
  const failed = result.results.filter(({ status }) => status === 'failed' || status === 'timeout');
  const output = new Map<string, readonly string[]>();
  for (const { task, log, stdout, stderr } of failed.slice(0, most.tasks)) {
    const lines = log === undefined ? [] : await lastLogLines(log, most.lines);
    output.set(task, lines.length > 0 ? lines : displayLines((stderr || stdout).trimEnd()).slice(-most.lines));
  }
  return output;
}

/** None when the log is gone or cannot be read. */
async function lastLogLines(path: string, most: number): Promise<readonly string[]> {
  const log = openLog(path);
  try {
    return displayLines((await log.last(most)).map(({ text }) => text).join('\n'));
  } catch {
    return [];
  } finally {
    await log.close();
  }
}
