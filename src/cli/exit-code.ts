import type { ExitVerdict } from '../engine/index.ts';

/** Every way in which the program can end. The table is printed by `--help`; scripts may rely on it. */
export const exitCodes = {
  success: 0,
  taskFailed: 1,
  usage: 2,
  precondition: 3,
  checkFailed: 4,
  bug: 70,
  leaseLost: 75,
} as const;

/** 128 and the number of the signal, as shells have it. */
export const signalExitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** The signals that stop a run. */
export type StopSignal = keyof typeof signalExitCodes;

const meanings: readonly (readonly [codes: readonly number[], meaning: string])[] = [
  [[exitCodes.success], 'everything succeeded (warnings allowed)'],
  [
    [exitCodes.taskFailed],
    'a task failed, the run is incomplete, an SLA with on_miss: fail was missed, or the results could not be written',
  ],
  [[exitCodes.usage], 'usage error or invalid pipeline file; nothing was run'],
  [[exitCodes.precondition], 'a precondition failed, such as the database or the run lock'],
  [[exitCodes.checkFailed], 'only checks failed (gates included): all tasks worked, but the data is wrong'],
  [[exitCodes.bug], 'a bug in etl-tui itself'],
  [[exitCodes.leaseLost], 'a worker lost its lease and ended its tasks; start it again'],
  [Object.values(signalExitCodes), 'stopped by SIGHUP, SIGINT, SIGTERM'],
];

/** For the end of `--help`. */
export function exitCodeTable(): string {
  const rows = meanings.map(([codes, meaning]) => [codes.join(' '), meaning] as const);
  const width = Math.max(...rows.map(([codes]) => codes.length));
  return `Exit codes:\n${rows.map(([codes, meaning]) => `  ${codes.padEnd(width)}  ${meaning}`).join('\n')}`;
}

export function exitCodeOf(verdict: ExitVerdict): number {
  switch (verdict) {
    case 'success':
      return exitCodes.success;
    case 'task-failed':
    case 'sla-missed':
    // Somebody stopped it without a signal: it is incomplete.
    case 'cancelled':
      return exitCodes.taskFailed;
    case 'check-failed':
      return exitCodes.checkFailed;
  }
}
