import type pg from 'pg';
import { TaskError } from '../../task-error.ts';

/** The credit limit of the run does not allow another call. */
export class CreditLimitReached extends TaskError {
  constructor(maxCredits: number) {
    super(`this run may spend no more than ${maxCredits} credits of The Odds API`, { exitCode: 2 });
    this.name = 'CreditLimitReached';
  }
}

/** The result of a reserved call. */
type OddsCallOutcome = {
  /** The answer's status; undefined when there was no answer. */
  readonly status: number | undefined;
  /** In credits; undefined when the answer does not say, so that the full price is assumed. */
  readonly cost: number | undefined;
  readonly remaining: number | undefined;
  /** Whether the answer could be kept and used. */
  readonly usable: boolean;
};

/** A call that has been counted and may go out. */
export type ReservedCall = {
  /** Records the result. Never throws: a call that cannot be recorded keeps the full price. */
  recordOutcome(outcome: OddsCallOutcome): Promise<void>;
};

/** Accounts for paid calls, several of which may be under way. */
export type OddsAccount = {
  /**
   * Reserves the price of a call; throws CreditLimitReached, or a TaskError when the plan or this moment allows none.
   * When that depends on what the calls under way turn out to cost, it waits for them.
   */
  reserve(at: Date): Promise<ReservedCall>;
  /** Calls and credits of this account since it was opened. */
  readonly calls: number;
  readonly spent: number;
  /** Calls of the run, earlier attempts included, that cost something and brought no answer that could be used. */
  readonly wasted: number;
  /** Credits left in the plan by the lowest count seen; undefined before the first answer. */
  readonly remaining: number | undefined;
};

/** In the column `status`, whose NULL is a call of which nothing is known yet. */
const NO_ANSWER = 0;
/** After two paid but unusable answers for a moment, a run does not request it a third time. */
const MAX_USELESS_ANSWERS = 2;

/**
 * The account of a run, whose earlier attempts count too. Each call stands in `odds_calls` at its whole price before it
 * goes out, so that `maxCredits` holds whatever comes back, also when the task is killed before it can note the answer.
 * `exclusively` keeps its queries out of transactions that others have open on the connection.
 */
export async function openOddsAccount(
  client: pg.Client,
  run: string,
  callPrice: number,
  maxCredits: number | undefined,
  exclusively: <Value>(query: () => Promise<Value>) => Promise<Value> = (query) => query(),
): Promise<OddsAccount> {
  const earlier = await client.query<{ at: Date; cost: number; answered: boolean | null; useless: boolean }>(
    'SELECT requested_at AS at, cost, status > 0 AS answered, status IS NOT NULL AND NOT usable AND cost > 0 AS useless\n     FROM odds_calls WHERE run = $1',
    [run],
  );
  const before = earlier.rows.reduce((sum, { cost }) => sum + cost, 0);
  const useless = new Map<number, number>();
  const addUseless = (at: Date) => useless.set(at.getTime(), (useless.get(at.getTime()) ?? 0) + 1);
  let wasted = earlier.rows.filter((row) => row.useless).length;
  for (const row of earlier.rows) if (row.useless && row.answered === true) addUseless(row.at);
  let price = callPrice;
  let calls = 0;
  let spent = 0;
  let remaining: number | undefined;
  /** Reserved for calls under way. */
  let pending = 0;
  let onReleased: (() => void)[] = [];
  const oneReleased = () => new Promise<void>((resolve) => onReleased.push(resolve));
  const shortage = () => {
    if (maxCredits !== undefined && before + spent + pending + price > maxCredits) {
      return new CreditLimitReached(maxCredits);
    }
    return remaining !== undefined && remaining - pending < price ? planIsEmpty(remaining, price) : undefined;
  };
  const release = (reserved: number) => {
    pending -= reserved;
    const waiting = onReleased;
    onReleased = [];
    for (const resume of waiting) resume();
  };
  const recordOutcome = async (id: string, at: Date, reserved: number, outcome: OddsCallOutcome) => {
    const { status, cost = reserved, remaining: left, usable } = outcome;
    spent += cost;
    // A call that cost more than expected will do so again.
    price = Math.max(price, cost);
    if (left !== undefined) remaining = Math.min(remaining ?? Number.POSITIVE_INFINITY, left);
    if (!usable && cost > 0) wasted++;
    if (!usable && cost > 0 && status !== undefined) addUseless(at);
    release(reserved);
    await exclusively(() =>
      client.query('UPDATE odds_calls SET status = $2, cost = $3, usable = $4 WHERE call_id = $1', [
        id,
        status ?? NO_ANSWER,
        cost,
        usable,
      ]),
    ).catch(() => {});
  };
  return {
    reserve: async (at) => {
      if ((useless.get(at.getTime()) ?? 0) >= MAX_USELESS_ANSWERS) throw uselessAnswersReached(at);
      for (let lack = shortage(); lack !== undefined; lack = shortage()) {
        if (pending === 0) throw lack;
        await oneReleased();
      }
      const reserved = price;
      pending += reserved;
      try {
        const { rows } = await exclusively(() =>
          client.query<{ call_id: string }>(
            'INSERT INTO odds_calls (run, requested_at, cost) VALUES ($1, $2, $3) RETURNING call_id',
            [run, at, reserved],
          ),
        );
        calls++;
        return { recordOutcome: (outcome) => recordOutcome(rows[0]?.call_id ?? '', at, reserved, outcome) };
      } catch (error) {
        release(reserved);
        throw error;
      }
    },
    get calls() {
      return calls;
    },
    get spent() {
      return spent;
    },
    get wasted() {
      return wasted;
    },
    get remaining() {
      return remaining;
    },
  };
}

function planIsEmpty(remaining: number, price: number): TaskError {
  return new TaskError(
    `the plan of The Odds API has ${remaining} credits left and a call costs ${price}; wait for the next month or take a ` +
      'larger plan',
    { exitCode: 2 },
  );
}

function uselessAnswersReached(at: Date): TaskError {
  return new TaskError(
    `${MAX_USELESS_ANSWERS} answers of The Odds API for ${at.toISOString()} were paid for and could not be used; they are not ` +
      'bought again in this run',
    { exitCode: 2 },
  );
}
