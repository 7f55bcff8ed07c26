import type { Proof } from '../../engine/index.ts';

/** What is done for each proof, as a heading. */
export const proofName: Readonly<Record<Proof, string>> = {
  parallel: 'all tasks in parallel',
  order: 'independent tasks in the opposite order',
  twice: 'every task run twice',
  killed: 'every task killed and run again',
};
