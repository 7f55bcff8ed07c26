import { setTimeout as sleep } from 'node:timers/promises';
import { maskSecrets } from '../mask-secrets.ts';
import { TaskError } from '../task-error.ts';
import { fetchThroughProxy, proxyVariable } from './proxied-fetch.ts';

export type HttpGetOptions = {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Aborted when no further request is wanted: it ends the pause before the next attempt, but no running request. */
  readonly ending?: AbortSignal;
  /** The number of requests in all, the first one included. */
  readonly attempts?: number;
  /** The longest silence before the answer and within its body; a longer one is a stall. */
  readonly stallTimeoutMs?: number;
  /** The longest Retry-After that is waited for; with a longer one the task ends and reports it. */
  readonly maxWaitMs?: number;
  /** The first pause between two attempts; it doubles. */
  readonly firstPauseMs?: number;
  /** Called with one line about every retry. */
  readonly log?: (line: string) => void;
  readonly meter?: RequestMeter;
};

/** Watches every single request, for a source that charges for them. */
export type RequestMeter = {
  /** Called before each request; an error that it throws ends the retries. */
  before(): Promise<void>;
  /**
   * After it, once for each `before`, whatever came of it: the answer's head, and whether the server may have got the
   * request when there was no answer. Does not throw.
   */
  after(answer: { readonly status: number; readonly headers: Headers } | undefined, reached: boolean): Promise<void>;
};

/** The body is not the requested data: retried, then a failure. */
export class BadBody extends Error {}

/** Thrown when the source failed after all attempts. `reachable` is false when no server answered, or it failed (5xx). */
export class SourceError extends TaskError {
  readonly reachable: boolean;

  constructor(message: string, options: { reachable: boolean; retryAfterSeconds?: number; cause?: unknown }) {
    super(message, options);
    this.name = 'SourceError';
    this.reachable = options.reachable;
  }
}

const USER_AGENT = 'etl-tui/0.1 (NFL refresh; https over fetch)';

/**
 * The request under every download: `consume` reads the body and may throw BadBody to have the whole request made
 * again. Statuses below 500 except 429 are for it to judge; 429, 5xx, broken connections, stalls and truncated bodies
 * are retried, and end as a SourceError. Redirects are followed anew each time, because the addresses they lead to expire.
 */
export async function getWithRetries<Value>(
  url: string,
  options: HttpGetOptions,
  consume: (response: Response, chunks: AsyncIterable<Uint8Array>) => Promise<Value>,
): Promise<Value> {
  const attempts = options.attempts ?? 4;
  const shown = maskSecrets(url);
  for (let attempt = 1; ; attempt++) {
    options.signal?.throwIfAborted();
    options.ending?.throwIfAborted();
    const outcome = await once(url, options, consume);
    if (outcome.kind === 'done') return outcome.value;
    const pauseMs = outcome.retryAfterMs ?? Math.min(30_000, (options.firstPauseMs ?? 500) * 2 ** (attempt - 1));
    const tooLong = pauseMs > (options.maxWaitMs ?? 60_000);
    if (attempt >= attempts || tooLong) {
      const times = attempt === 1 ? '' : ` (${attempt} requests)`;
      throw new SourceError(`${shown}: ${outcome.why}${times}`, {
        reachable: outcome.reachable,
        cause: outcome.cause,
        ...(outcome.retryAfterMs === undefined ? {} : { retryAfterSeconds: Math.ceil(outcome.retryAfterMs / 1000) }),
      });
    }
    options.log?.(`${shown}: ${outcome.why}; retry in ${(pauseMs / 1000).toFixed(1)} s`);
    const signals = [options.signal, options.ending].filter((signal) => signal !== undefined);
    // An aborted pause ends the loop at its head.
    await sleep(pauseMs, undefined, { signal: AbortSignal.any(signals) }).catch(() => {});
  }
}

type Outcome<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | {
      readonly kind: 'again';
      readonly why: string;
      readonly reachable: boolean;
      readonly retryAfterMs?: number | undefined;
      readonly cause?: unknown;
    };

async function once<Value>(
  url: string,
  options: HttpGetOptions,
  consume: (response: Response, chunks: AsyncIterable<Uint8Array>) => Promise<Value>,
): Promise<Outcome<Value>> {
  const silence = watchForStall(options.stallTimeoutMs ?? defaultStallTimeoutMs());
  const signal = options.signal === undefined ? silence.signal : AbortSignal.any([options.signal, silence.signal]);
  let answered: Response | undefined;
  let reached = true;
  await options.meter?.before();
  try {
    const response = await fetchThroughProxy(url, {
      signal,
      redirect: 'follow',
      headers: { 'user-agent': USER_AGENT, ...options.headers },
    });
    answered = response;
    silence.heard();
    if (response.status === 429 || response.status >= 500) {
      await response.body?.cancel();
      const why = response.status === 429 ? 'too many requests (429)' : `the server failed (${response.status})`;
      return { kind: 'again', why, reachable: response.status === 429, retryAfterMs: retryAfterMs(response.headers) };
    }
    return { kind: 'done', value: await consume(response, wholeBody(response, silence.heard)) };
  } catch (error) {
    if (options.signal?.aborted) throw options.signal.reason;
    if (silence.signal.aborted) {
      const why = `${answered === undefined ? 'no answer' : 'the body stalled'} for ${silence.limitMs / 1000} s`;
      return { kind: 'again', why, reachable: answered !== undefined, cause: error };
    }
    if (error instanceof BadBody) return { kind: 'again', why: error.message, reachable: true, cause: error };
    if (error instanceof TypeError) {
      const hasAnswered = answered !== undefined;
      reached = hasAnswered || !NEVER_CONNECTED.includes(codeOf(error));
      return {
        kind: 'again',
        why: `${networkReason(error, hasAnswered)}${formatProxy(url)}`,
        reachable: hasAnswered,
        cause: error,
      };
    }
    throw error;
  } finally {
    silence.end();
    await options.meter?.after(answered, reached);
  }
}

/** Errors before a request has left the machine. */
const NEVER_CONNECTED: readonly string[] = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT'];

/** The messages beneath an error. */
function causesOf({ cause }: Error): readonly string[] {
  return cause instanceof Error ? [cause.message, ...causesOf(cause)] : [];
}

function codeOf(error: TypeError): string {
  const { cause } = error;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
}

/** The body's chunks; a body that ends before its announced length throws BadBody instead of ending quietly. */
async function* wholeBody(response: Response, heard: () => void): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    heard();
    bytes += chunk.length;
    yield chunk;
  }
  const announced = response.headers.get('content-length');
  // fetch has already undone a content-encoding, so only an unencoded length can be compared.
  if (announced === null || response.headers.has('content-encoding')) return;
  if (bytes !== Number(announced)) throw new BadBody(`the body was truncated after ${bytes} of ${announced} bytes`);
}

function watchForStall(limitMs: number) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Error('silence')), limitMs);
  return {
    signal: controller.signal,
    limitMs,
    heard: () => void timer.refresh(),
    end: () => clearTimeout(timer),
  };
}

/** Seconds of silence taken for a stall; ETL_HTTP_SILENCE_SECONDS lengthens it for a slow line. */
function defaultStallTimeoutMs(): number {
  const seconds = Number(process.env['ETL_HTTP_SILENCE_SECONDS']);
  return seconds > 0 ? seconds * 1000 : 30_000;
}

/** The pause that an answer asks for, in milliseconds; undefined when it asks for none. */
export function retryAfterMs(headers: Headers): number | undefined {
  const text = headers.get('retry-after');
  if (text === null) return undefined;
  const ms = /^\d+$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

function formatProxy(url: string): string {
  const variable = proxyVariable(url);
  return variable === undefined ? '' : `, through the proxy of ${variable}`;
}

/** fetch reports only "fetch failed" or "terminated"; the reason is in the cause. */
function networkReason(error: TypeError, answered: boolean): string {
  const code = codeOf(error);
  if (answered) return 'the body was truncated';
  const refused = /Proxy response \((\d+)\)/.exec(causesOf(error).join('\n'))?.[1];
  if (refused !== undefined)
    return `the proxy refused it (${refused}${refused === '407' ? ': check its user and password' : ''})`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the host name cannot be looked up (offline?)';
  if (code === 'ECONNREFUSED') return 'nothing listens there (connection refused)';
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return 'no connection in time';
  return `the connection failed${code === '' ? '' : ` (${code})`}`;
}
