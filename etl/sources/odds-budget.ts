/** Why no further call may be made: the operator's limit, or what the plan has left. */
type OddsLimit = 'max-credits' | 'plan';

/** Counts credits while several calls are under way, so that together they stay within the limits. */
export type OddsBudget = {
  /** Sets the price of one call aside, or says which limit forbids it. */
  reserve(): OddsLimit | undefined;
  /** The reserved call was answered (or failed, then without an answer). */
  settle(answer?: { readonly cost: number; readonly remaining: number | undefined }): void;
  readonly spent: number;
  /** Credits left in the plan by the lowest count seen; undefined before the first answer. */
  readonly remaining: number | undefined;
};

/** A budget for one run, in credits. `maxCredits` undefined means that only the plan limits it. */
export function createOddsBudget(callCost: number, maxCredits: number | undefined): OddsBudget {
  let spent = 0;
  let reserved = 0;
  let remaining: number | undefined;
  return {
    reserve: () => {
      if (maxCredits !== undefined && spent + reserved + callCost > maxCredits) return 'max-credits';
      // Calls under way may or may not be in the plan's count already. Assuming that they are costs nothing when it is
      // wrong, because the API refuses a call that the plan cannot pay for, free of charge.
      if (remaining !== undefined && remaining < callCost) return 'plan';
      reserved += callCost;
      return undefined;
    },
    settle: (answer) => {
      reserved -= callCost;
      if (answer === undefined) return;
      spent += answer.cost;
      if (answer.remaining !== undefined) remaining = Math.min(remaining ?? Number.POSITIVE_INFINITY, answer.remaining);
    },
    get spent() {
      return spent;
    },
    get remaining() {
      return remaining;
    },
  };
}
