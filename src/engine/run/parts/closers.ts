import type { Diagnostic } from '../../model/diagnostic.ts';
import type { Plan } from '../../model/pipeline/plan.ts';
import { withDeadline } from '../../platform/with-deadline.ts';

/** The open parts of a run, and how each is closed. */
export type Closers = {
  /**
   * @param what for messages, as in "… could not be closed"
   * @param withinMs how long it may take
   * @returns closes it before the others; `closeAll` reports its errors
   */
  add(what: string, close: () => unknown, withinMs?: number): () => Promise<void>;
  /**
   * Closes what is still open, the newest first, each once. One that throws or does not end does not prevent the others
   * from being closed. Returns a warning `run/not-closed` for each of these.
   */
  closeAll(): Promise<readonly Diagnostic[]>;
};

const defaultTimeoutMs = 10_000;

/** How long closing may take where it is more than closing a file. */
export const closingTimes = {
  /** The embedded server may have much to write when it stops. */
  databaseMs: 60_000,
  /** Processes that tasks left running get their grace period, and are then killed. */
  executorMs: ({ tasks }: Plan): number =>
    tasks.reduce((longest, { spec }) => Math.max(longest, spec.killGraceMs), 0) + 30_000,
};

export function createClosers(): Closers {
  const closings: (() => Promise<void>)[] = [];
  const warnings: Diagnostic[] = [];
  return {
    add: (what, close, withinMs = defaultTimeoutMs) => {
      let closing: Promise<void> | undefined;
      const closeOnce = () => {
        closing ??= attempt(what, close, withinMs).then((warning) => {
          if (warning !== undefined) warnings.push(warning);
        });
        return closing;
      };
      closings.push(closeOnce);
      return closeOnce;
    },
    closeAll: async () => {
      for (const close of closings.splice(0).reverse()) await close();
      return warnings.splice(0);
    },
  };
}

async function attempt(what: string, close: () => unknown, withinMs: number): Promise<Diagnostic | undefined> {
  try {
    const work = Promise.resolve(close()).then(() => undefined);
    return await withDeadline(work, withinMs, () => notClosed(what, `no answer within ${withinMs / 1000}s`));
  } catch (error) {
    return notClosed(what, error instanceof Error ? error.message : String(error));
  }
}

function notClosed(what: string, reason: string): Diagnostic {
  return {
    code: 'run/not-closed',
    severity: 'warning',
    message: `At the end of the run ${what} could not be closed: ${reason}`,
    hint: 'this is harmless; the next run removes or ignores it',
  };
}
