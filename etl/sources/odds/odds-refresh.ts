import pLimit from 'p-limit';
import type pg from 'pg';
import { TaskError } from '../../task-error.ts';
import { BadBody, type HttpGetOptions } from '../http-get.ts';
import { openRequestGate } from '../request-gate.ts';
import type { Sources } from '../source-addresses.ts';
import { CreditLimitReached, openOddsAccount } from './odds-account.ts';
import { CREDITS_PER_CALL, fetchOddsSnapshot, oddsAddress } from './odds-api.ts';
import type { OddsCache } from './odds-cache.ts';
import type { OddsDates } from './odds-dates.ts';
import { countOddsOutcomes, type OddsCall, planOddsCalls } from './odds-plan.ts';
import { type OddsSnapshot, parseOddsSnapshot } from './odds-snapshot.ts';

export type OddsRefreshOptions = {
  readonly seasons: readonly number[];
  readonly dates: OddsDates;
  readonly cache: OddsCache;
  /** Make no request at all: load what the cache holds. */
  readonly fromCache: boolean;
  /** Store also anew what is stored already, as far as the cache has it: nothing is paid for twice. */
  readonly reload: boolean;
  /** Names the run, whose attempts spend from one account. */
  readonly run: string;
  /** What this run may spend, in credits; undefined when only the plan limits it. */
  readonly maxCredits: number | undefined;
  /** Stores one snapshot in a transaction of its own. Called for one snapshot at a time. */
  readonly store: (call: OddsCall, snapshot: OddsSnapshot) => Promise<void>;
  readonly onProgress: (progress: OddsProgress) => void;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal;
  readonly http?: HttpGetOptions;
  /** The most calls under way at once. */
  readonly callsAtOnce?: number;
};

/** At the usual 0.4 s for a call it makes full use of the rate. */
export const ODDS_CALLS_AT_ONCE = 10;
/** The Odds API allows 30, and asks not to come close to it, since requests may arrive more densely than they went out. */
const CALLS_PER_SECOND = 25;

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
  /** Parts of answers that could not be read: events, books, markets or outcomes. */
  readonly dropped: number;
};

/** Well within the five seconds that a task gets between the polite signal and the forced one. */
const LAST_ANSWERS_MS = 3000;
/** A snapshot this much older than the requested moment is warned about: it may lack that day's games. */
const STALE_MS = 24 * 3_600_000;
/** The maximum number of unreadable parts of an answer that are named. */
const NAMED_DROPS = 5;

/**
 * Loads the snapshots that are not stored yet: from the cache where it has them, else from the API, several calls at
 * once. The first call is alone, and never are more under way than have been answered well: a wrong key is sent once, the
 * price is known before much is spent, and a kill loses no more answers than have been kept. Every answer is in the cache
 * before it is judged and before it waits for the database, and stored on its own. After the first failure no further
 * call goes out, and those under way are waited for and stored. Reaching `maxCredits` is no failure, unless credits of
 * the run have bought nothing.
 */
export async function refreshOdds(
  client: pg.Client,
  sources: Sources,
  options: OddsRefreshOptions,
): Promise<OddsRefresh> {
  const plan = await planOddsCalls(client, options.seasons, options.dates, new Date());
  const due = plan.filter((call) => options.reload || !call.stored);
  // All queries go through one connection, where none may come into the transaction of another.
  const database = pLimit(1);
  const account = await openOddsAccount(client, options.run, CREDITS_PER_CALL, options.maxCredits, database);
  const gate = openRequestGate(CALLS_PER_SECOND);
  const ending = new AbortController();
  const calls = pLimit(1);
  let answers = 0;
  const http = options.signal === undefined ? options.http : { ...options.http, signal: abortedLater(options.signal) };
  const loaded = new Set(plan.filter((call) => call.stored));
  const useless: string[] = [];
  let dropped = 0;
  let done = 0;

  const keep = async (call: OddsCall, snapshot: OddsSnapshot) => {
    dropped += snapshot.dropped.length;
    warnOfDropped(call, snapshot, options.log);
    warnOfStale(call, snapshot, options.log);
    await database(() => options.store(call, snapshot));
    loaded.add(call);
    options.onProgress({ done: ++done, of: due.length, remaining: account.remaining });
  };

  const load = async (call: OddsCall) => {
    const address = sources.stableName(oddsAddress(sources.odds, call.at));
    // Sample answers are free, and newer generated seasons would not agree with old copies.
    const kept = options.fromCache || sources.kind === 'live' ? await options.cache.read(address) : undefined;
    if (kept !== undefined) {
      const snapshot = readStored(kept, call, options.cache.pathOf(address), useless);
      return snapshot === undefined ? undefined : keep(call, snapshot);
    }
    if (options.fromCache || call.stored) return;
    const answer = await fetchOddsSnapshot(sources.odds, requireKey(sources.oddsApiKey), call.at, {
      ...http,
      log: options.log,
      account,
      gate,
      ending: ending.signal,
      keep: (text) => options.cache.write(address, text),
    });
    calls.concurrency = Math.min(options.callsAtOnce ?? ODDS_CALLS_AT_ONCE, ++answers);
    await keep(call, answer);
  };

  let failure: unknown;
  const loadUnlessEnding = async (call: OddsCall) => {
    if (ending.signal.aborted) return;
    try {
      await load(call);
    } catch (error) {
      // Reaching the limit says less than a failure of a call that was under way.
      if (!ending.signal.aborted || (failure instanceof CreditLimitReached && error instanceof TaskError))
        failure = error;
      ending.abort(error);
    }
  };
  const stop = () => ending.abort(options.signal?.reason);
  options.signal?.addEventListener('abort', stop, { once: true });

  try {
    options.signal?.throwIfAborted();
    await Promise.all(due.map((call) => calls(() => loadUnlessEnding(call))));
    options.signal?.throwIfAborted();
    if (failure !== undefined) throw failure;
    for (const line of useless) options.log(`warning: ${line}`);
    if (useless.length > 0 && !options.fromCache) throw new TaskError(useless[0] ?? '', { exitCode: 2 });
  } catch (error) {
    if (!(error instanceof CreditLimitReached)) throw withCounts(error, loaded.size, plan.length);
    if (account.wasted > 0) throw withCounts(describeUselessAnswers(error, account.wasted), loaded.size, plan.length);
  } finally {
    options.signal?.removeEventListener('abort', stop);
  }
  const rows = await countOddsOutcomes(client, plan);
  const { calls: requests, spent, remaining } = account;
  return { days: plan.length, loaded: loaded.size, rows, requests, spent, remaining, dropped };
}

/** The stored answer, or an error when it is unusable: it was paid for, so only the user can decide to request it again. */
function readStored(text: string, call: OddsCall, file: string, useless: string[]): OddsSnapshot | undefined {
  try {
    return parseOddsSnapshot(text);
  } catch (error) {
    if (!(error instanceof BadBody)) throw error;
    useless.push(
      `the stored answer for ${call.gameDay} cannot be used: ${error.message}; to buy it again, remove ${file}`,
    );
    return undefined;
  }
}

function describeUselessAnswers(limit: CreditLimitReached, wasted: number): TaskError {
  const calls = wasted === 1 ? '1 call' : `${wasted} calls`;
  return new TaskError(`${limit.message}, and ${calls} returned no usable answer`, {
    exitCode: 2,
    cause: limit,
  });
}

/** A stopped task still waits briefly for the answer of a running request, which is paid for. */
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

/** Adds to a failure how much is stored already. */
function withCounts(failure: unknown, loaded: number, days: number): unknown {
  if (!(failure instanceof TaskError) || loaded === 0) return failure;
  return new TaskError(
    `${failure.message} (${loaded} of ${days} game days are stored and will not be requested again)`,
    {
      exitCode: failure.exitCode,
      cause: failure,
      ...(failure.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: failure.retryAfterSeconds }),
    },
  );
}

function warnOfDropped(call: OddsCall, { dropped }: OddsSnapshot, log: (line: string) => void): void {
  for (const line of dropped.slice(0, NAMED_DROPS)) log(`warning: odds for ${call.gameDay}: left out ${line}`);
  const more = dropped.length - NAMED_DROPS;
  if (more > 0) log(`warning: odds for ${call.gameDay}: left out ${more} more parts that cannot be read`);
}

function warnOfStale(call: OddsCall, snapshot: OddsSnapshot, log: (line: string) => void): void {
  if (snapshot.takenAt === null || snapshot.events.length === 0) {
    log(`no odds for ${call.gameDay}: The Odds API has no snapshot that early`);
  } else if (call.at.getTime() - Date.parse(snapshot.takenAt) > STALE_MS) {
    log(`the newest odds before ${call.at.toISOString()} are of ${snapshot.takenAt}`);
  }
}
