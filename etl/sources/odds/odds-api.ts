import { maskSecrets } from '../../mask-secrets.ts';
import { TaskError } from '../../task-error.ts';
import { BadBody, getWithRetries, type HttpGetOptions, type RequestMeter } from '../http-get.ts';
import type { RequestGate } from '../request-gate.ts';
import type { OddsAccount, ReservedCall } from './odds-account.ts';
import { type OddsSnapshot, parseOddsSnapshot } from './odds-snapshot.ts';

const MARKETS = ['h2h', 'spreads', 'totals'] as const;
const REGIONS = ['us'] as const;

/** What one historical call costs, in credits: ten for each market and region. An empty answer is free. */
export const CREDITS_PER_CALL = 10 * MARKETS.length * REGIONS.length;

export type OddsPurchase = HttpGetOptions & {
  readonly account?: OddsAccount;
  /** Passed by each request, retries included. */
  readonly gate?: RequestGate;
  /** Keeps the text of an answer that was paid for, before it is judged. */
  readonly keep?: (text: string) => Promise<void>;
};

/** Where a snapshot is asked for, without the key: also its name in the cache. */
export function oddsAddress(base: string, at: Date): string {
  const query = new URLSearchParams({
    regions: REGIONS.join(','),
    markets: MARKETS.join(','),
    oddsFormat: 'american',
    dateFormat: 'iso',
    date: at.toISOString().replace('.000Z', 'Z'),
  });
  return `${base}/v4/historical/sports/americanfootball_nfl/odds?${query}`;
}

/**
 * The latest snapshot not after `at`, from The Odds API v4. Frequency limits, 5xx, broken and malformed answers are
 * asked for again and end as a SourceError; a refused key, an exhausted plan or a refused request end at once, with
 * exit code 2, because asking again cannot help. So does an answer that the API has charged for and that is none: it is
 * kept, and would be bought a second time.
 */
export async function fetchOddsSnapshot(
  base: string,
  apiKey: string,
  at: Date,
  options: OddsPurchase = {},
): Promise<OddsSnapshot> {
  const url = `${oddsAddress(base, at)}&apiKey=${encodeURIComponent(apiKey)}`;
  const { log, account, gate, keep } = options;
  const masking = log === undefined ? options : { ...options, log: (line: string) => log(mask(line, apiKey)) };
  let snapshot: OddsSnapshot | undefined;
  let reserved: ReservedCall | undefined;
  const meter: RequestMeter = {
    before: async () => {
      reserved = await account?.reserve(at);
      try {
        await gate?.turn(options.ending);
      } catch (error) {
        await reserved?.recordOutcome({ status: undefined, cost: 0, remaining: undefined, usable: false });
        throw error;
      }
    },
    after: async (answer, reached) => {
      gate?.answered(answer);
      await reserved?.recordOutcome({
        status: answer?.status,
        cost: costOf(answer, reached, snapshot),
        remaining: count(answer?.headers.get('x-requests-remaining') ?? null),
        usable: snapshot !== undefined,
      });
    },
  };
  return getWithRetries(url, { ...masking, meter }, async ({ status, headers }, chunks) => {
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    const text = Buffer.concat(parts).toString('utf8');
    if (status !== 200) throw refusal(status, text, apiKey);
    const cost = count(headers.get('x-requests-last')) ?? 0;
    if (cost > 0) await keep?.(text);
    try {
      snapshot = parseOddsSnapshot(text);
    } catch (error) {
      if (cost > 0 && error instanceof BadBody) throw uselessAnswer(error.message, cost);
      throw error;
    }
    // An answer without a timestamp is free, and may be different tomorrow.
    if (cost === 0 && snapshot.takenAt !== null) await keep?.(text);
    return snapshot;
  });
}

/** What a call cost, in credits; undefined when it may have cost its price and the headers do not say so. */
function costOf(
  answer: Parameters<RequestMeter['after']>[0],
  reached: boolean,
  snapshot: OddsSnapshot | undefined,
): number | undefined {
  if (answer === undefined) return reached ? undefined : 0;
  const said = count(answer.headers.get('x-requests-last'));
  if (said !== undefined) return said;
  const isFree = answer.status !== 200 || snapshot?.events.length === 0;
  return isFree ? 0 : undefined;
}

function uselessAnswer(why: string, cost: number): TaskError {
  return new TaskError(`The Odds API charged ${cost} credits for an answer that cannot be used: ${why}`, {
    exitCode: 2,
  });
}

/** What to do about each of the API's error codes. */
const ADVICE: Readonly<Record<string, string>> = {
  MISSING_KEY: 'set ODDS_API_KEY',
  INVALID_KEY: 'check ODDS_API_KEY for a typing mistake',
  DEACTIVATED_KEY: 'the key was switched off; set ODDS_API_KEY to another one',
  OUT_OF_USAGE_CREDITS: 'the plan has no credits left; wait for the next month or take a larger plan',
  HISTORICAL_UNAVAILABLE_ON_FREE_USAGE_PLAN: 'historical odds need a paid plan',
};

/** A final error of the API, with what to do about it. */
function refusal(status: number, body: string, apiKey: string): TaskError {
  const { code, message } = reason(body);
  const said = [message, code].filter((part) => part !== '').join(', ');
  const advice =
    ADVICE[code] ?? (status === 401 || status === 403 ? 'check ODDS_API_KEY and the plan it belongs to' : '');
  const text = `The Odds API refused the request (${said === '' ? status : `${status}: ${said}`})`;
  return new TaskError(mask(advice === '' ? text : `${text}; ${advice}`, apiKey), { exitCode: 2 });
}

function reason(text: string): { code: string; message: string } {
  try {
    const body = JSON.parse(text) as { error_code?: unknown; message?: unknown } | null;
    return {
      code: typeof body?.error_code === 'string' ? body.error_code : '',
      message: typeof body?.message === 'string' ? body.message.slice(0, 200) : '',
    };
  } catch {
    return { code: '', message: '' };
  }
}

/** An answer may repeat the key that it refuses, and a key given by other means than the environment is a secret too. */
function mask(text: string, apiKey: string): string {
  return maskSecrets(text).replaceAll(apiKey, '…').replaceAll(encodeURIComponent(apiKey), '…');
}

function count(header: string | null): number | undefined {
  return header !== null && /^\d+(\.\d+)?$/.test(header.trim()) ? Math.floor(Number(header)) : undefined;
}
