import { readdirSync, readFileSync } from 'node:fs';

/** The variable by which tests recognise what they have started. */
export const markName = 'PROCESS_TEST_MARK';

/** Living processes that carry `mark` in their environment or in their command line. */
export function leftoverProcesses(mark: string): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid)
    .filter((pid) => textOf(pid, 'environ').includes(mark) || textOf(pid, 'cmdline').includes(mark));
}

/** Polls until there are at least (or with 0: exactly) `count`; fails with what there is. */
export async function untilLeftovers(mark: string, count: number, withinMs = 60_000): Promise<void> {
  await until(
    () => {
      const found = leftoverProcesses(mark).length;
      return count === 0 ? found === 0 : found >= count;
    },
    `${count} marked processes`,
    withinMs,
  );
}

export async function until(reached: () => boolean, what: string, withinMs = 60_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!reached()) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Whether it is there, and more than a dead process that waits to be noticed. */
export function isAlive(pid: number): boolean {
  return /^State:\s+[^ZX]/m.test(textOf(pid, 'status'));
}

/** The letter of its state in /proc: `T` when it is stopped; empty when it is not there. */
export function stateOf(pid: number): string {
  return /\) (.) /.exec(textOf(pid, 'stat'))?.[1] ?? '';
}

export function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)/m.exec(textOf(pid, 'status'))?.[1]);
}

/** The guardians of the executor in the process `owner`. */
export function guardiansOf(owner: number): readonly number[] {
  return textOf(owner, `task/${owner}/children`)
    .split(' ')
    .filter(Boolean)
    .map(Number)
    .filter((pid) => textOf(pid, 'cmdline').includes('etl-tui-guardian'));
}

/** The text of a file in /proc; empty when the process has ended. */
export function textOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}
