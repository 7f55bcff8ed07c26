import { compileSecrets } from '../../masking/compile-secrets.ts';
import { maskText } from '../../masking/mask-stream.ts';
import type { CheckAnswer } from '../../model/run/check-result.ts';
import { formatLimit } from '../../model/text/format-duration.ts';
import type { Rights } from './restrict-rights.ts';

/** Why a check could not be run, for its result. */
export function checkError(
  error: Error,
  timeoutMs: number,
  rights: Rights,
  secrets: readonly string[],
): Pick<CheckAnswer, 'summary' | 'measured' | 'isTransient'> {
  const { code = '', hint } = error as { code?: string; hint?: string };
  const message = maskText(compileSecrets(secrets), error.message || code);
  return {
    summary: summaryOf(code, message, hint, timeoutMs, rights),
    measured: code === '' ? {} : { sqlstate: code },
    ...(isTransient(code) ? { isTransient: true } : {}),
  };
}

function summaryOf(code: string, message: string, hint: string | undefined, timeoutMs: number, rights: Rights): string {
  const advice = hint === undefined ? '' : ` (${hint})`;
  switch (code) {
    case '57014':
      return `timed out after ${formatLimit(timeoutMs)}`;
    case '53300':
      return `the database had no connection left: ${message}`;
    case '25006':
      return `a check may only read: ${message}`;
    case '42P01':
    case '3F000':
    case '42703':
      return `${message}${advice}; has the task that creates it run?`;
    case '42601':
      return /multiple commands/.test(message) ? 'a check must be one statement, but this one has several' : message;
    case '42501':
      return rights === 'restricted'
        ? `${message}: checks of this login run as pg_read_all_data; use a role in DATABASE_URL that has only the rights it needs`
        : `the database role has no right to read this: ${message}`;
    default:
      return isConnectionError(code) ? `the database did not answer: ${message}` : `${message}${advice}`;
  }
}

/**
 * Whether the next attempt may succeed. Besides a lost connection: a deadlock, a conflict of transactions (class 40), a
 * server that lacks connections, memory or disk (class 53), a lock that was not available. A statement that took longer
 * than it may would do so again.
 */
function isTransient(code: string): boolean {
  return isConnectionError(code) || /^(40|53)/.test(code) || code === '55P03';
}

/** Node's error codes (ECONNREFUSED), and the SQLSTATE classes for connections (08) and a server that shuts down (57P). */
function isConnectionError(code: string): boolean {
  return code === '' || /^E[A-Z_]{5,}$/.test(code) || /^(08|57P)/.test(code);
}
