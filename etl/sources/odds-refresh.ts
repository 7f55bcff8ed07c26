import pLimit from 'p-limit';
import type pg from 'pg';
import { TaskError } from '../task-error.ts';
import type { HttpGetOptions } from './http-get.ts';
import { CREDITS_PER_CALL, fetchOddsSnapshot, oddsAddress } from './odds-api.ts';
import { createOddsBudget, type OddsBudget } from './odds-budget.ts';
import type { OddsCache } from './odds-cache.ts';
import type { OddsDates } from './odds-dates.ts';
import { countOddsOutcomes, type OddsCall, planOddsCalls } from './odds-plan.ts';
import type { OddsSnapshot } from './odds-snapshot.ts';
import type { Sources } from './source-addresses.ts';

export type OddsRefreshOptions = {
  readonly seasons: readonly number[];
  readonly dates: OddsDates;
  readonly cache: OddsCache;
  /** Make no request at all: load what the cache holds. */
  readonly fromCache: boolean;
  /** Store also anew what is stored already, as far as the cache has it: nothing is paid for twice. */
  readonly reload: boolean;
  /** What this run may spend, in credits; undefined when only the plan limits it. */
  readonly maxCredits: number | undefined;
  /** Stores one snapshot in a transaction of its own. Called for one snapshot at a time. */
  readonly store: (call: OddsCall, snapshot: OddsSnapshot) => Promise<void>;
  readonly onProgress: (progress: OddsProgress) => void;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal;
  readonly http?: HttpGetOptions;
};

type OddsProgress = {
  readonly done: number;
  readonly of: number;
  /** Credits left in the plan; undefined while nothing was asked. */
  readonly remaining: number | undefined;
};

export type OddsRefresh = {
  /** Game days up to now, and those among them that the table holds when the refresh ends. */
  readonly days: number;
  readonly loaded: number;
  /** Outcomes of those days. */
  readonly rows: number;
  readonly requests: number;
  readonly spent: number;
  readonly remaining: number | undefined;
};

/** The API allows thirty a second on paid plans; a handful hides its latency. */
const REQUESTS_AT_ONCE = 4;
/** Well within the five seconds that a task gets between the polite signal and the forced one. */
const LAST_ANSWERS_MS = 3000;
/** A snapshot this much older than what was asked for is worth a word: it hardly speaks about that day's games. */
const STALE_MS = 24 * 3_600_000;

/**
 * Loads the snapshots that are not stored yet: from the cache where it has them, else from the API. Every answer is in
 * the cache before it waits for the database, and stored on its own, so that a kill loses nothing that was paid for.
 * Ends with the first failure, after what was under way is stored. Reaching `maxCredits` is no failure.
 */
export async function refreshOdds(
  client: pg.Client,
  sources: Sources,
  options: OddsRefreshOptions,
): Promise<OddsRefresh> {
  const plan = await planOddsCalls(client, options.seasons, options.dates, new Date());
  const due = plan.filter((call) => options.reload || !call.stored);
  const asking: OddsRefreshOptions =
    options.signal === undefined
      ? options
      : { ...options, http: { ...options.http, signal: abortedLater(options.signal) } };
  const budget = createOddsBudget(CREDITS_PER_CALL, options.maxCredits);
  const storing = pLimit(1);
  const stop = { failure: undefined as unknown, full: false };
  const loaded = new Set(plan.filter((call) => call.stored));
  let done = 0;
  let requests = 0;

  const keep = async (call: OddsCall, snapshot: OddsSnapshot) => {
    await storing(() => options.store(call, snapshot));
    loaded.add(call);
    options.onProgress({ done: ++done, of: due.length, remaining: budget.remaining });
  };

  const load = async (call: OddsCall) => {
    if (stop.failure !== undefined || stop.full) return;
    options.signal?.throwIfAborted();
    const address = sources.stableName(oddsAddress(sources.odds, call.at));
    // Sample answers are free, and newer generated seasons would not agree with old copies.
    const kept = options.fromCache || sources.kind === 'live' ? await options.cache.read(address) : undefined;
    if (kept !== undefined) return keep(call, kept);
    if (options.fromCache || call.stored) return;
    const key = requireKey(sources.oddsApiKey);
    const limit = budget.reserve();
    if (limit === 'max-credits') {
      stop.full = true;
      return;
    }
    if (limit === 'plan') throw outOfCredits(budget.remaining ?? 0);
    requests++;
    await keep(call, await askOnce(call, address, key, sources, budget, asking));
  };

  const guarded = async (call: OddsCall) => {
    try {
      await load(call);
    } catch (error) {
      stop.failure ??= error;
    }
  };

  // The first call goes alone: a refused key is then refused once, and the plan's count is known to the others.
  const [first, ...others] = due;
  if (first !== undefined) await guarded(first);
  const limited = pLimit(REQUESTS_AT_ONCE);
  await Promise.all(others.map((call) => limited(() => guarded(call))));

  if (stop.failure !== undefined) throw withCounts(stop.failure, loaded.size, plan.length);
  const rows = await countOddsOutcomes(client, plan);
  const { spent, remaining } = budget;
  return { days: plan.length, loaded: loaded.size, rows, requests, spent, remaining };
}

/** One call, paid for once: its answer is in the cache before anything else can go wrong. */
async function askOnce(
  call: OddsCall,
  address: string,
  key: string,
  sources: Sources,
  budget: OddsBudget,
  options: OddsRefreshOptions,
): Promise<OddsSnapshot> {
  let settled: Parameters<OddsBudget['settle']>[0];
  try {
    const answer = await fetchOddsSnapshot(sources.odds, key, call.at, {
      ...options.http,
      log: options.log,
    });
    const { snapshot, remaining } = answer;
    settled = { cost: answer.cost ?? (snapshot.events.length === 0 ? 0 : CREDITS_PER_CALL), remaining };
    // An answer without a moment is free, and may be another one tomorrow.
    if (snapshot.takenAt !== null) await options.cache.write(address, answer.text);
    warnOfStale(call, snapshot, options.log);
    return snapshot;
  } finally {
    budget.settle(settled);
  }
}

/** Whoever is told to stop still waits a moment for answers under way: they are paid for. */
function abortedLater(signal: AbortSignal): AbortSignal {
  const later = new AbortController();
  const abort = () => setTimeout(() => later.abort(signal.reason), LAST_ANSWERS_MS).unref();
  signal.addEventListener('abort', abort, { once: true });
  return later.signal;
}

function requireKey(key: string | undefined): string {
  if (key !== undefined && key.trim() !== '') return key.trim();
  throw new TaskError(
    'ODDS_API_KEY is not set: set it to a key of https://the-odds-api.com whose plan has historical odds, use the ' +
      'generated sample data with ETL_SOURCE=sample, or load only what is stored already with --from-cache',
    { exitCode: 2 },
  );
}

function outOfCredits(remaining: number): TaskError {
  return new TaskError(
    `the plan of The Odds API has ${remaining} credits left and a call costs ${CREDITS_PER_CALL}; wait for the next month ` +
      'or take a larger plan',
    { exitCode: 2 },
  );
}

/** A failure half-way says that nothing is lost. */
function withCounts(failure: unknown, loaded: number, days: number): unknown {
  if (!(failure instanceof TaskError) || loaded === 0) return failure;
  return new TaskError(
    `${failure.message} (${loaded} of ${days} game days are stored and will not be asked for again)`,
    {
      exitCode: failure.exitCode,
      cause: failure,
      ...(failure.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: failure.retryAfterSeconds }),
    },
  );
}

function warnOfStale(call: OddsCall, snapshot: OddsSnapshot, log: (line: string) => void): void {
  if (snapshot.takenAt === null || snapshot.events.length === 0) {
    log(`no odds for ${call.gameDay}: The Odds API has no snapshot that early`);
  } else if (call.at.getTime() - Date.parse(snapshot.takenAt) > STALE_MS) {
    log(`the newest odds before ${call.at.toISOString()} are of ${snapshot.takenAt}`);
  }
}
