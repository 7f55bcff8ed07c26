import type { RunningAttempt } from '../../ports.ts';

/** What stands for an attempt that is over, or was never begun. */
export const exitedAttempt: RunningAttempt = { terminate: () => undefined, hasEnded: () => true };
