import type { Notification } from '../model/pipeline/pipeline.ts';

/** What is sent. */
export type Message = {
  /** The document, as JSON. */
  readonly body: string;
  /** Variables for a command, which add to those of the context. */
  readonly env: Readonly<Record<string, string>>;
};

/** Where and with what a notification is sent. */
export type NotifyContext = {
  /** Absolute; commands run here. */
  readonly cwd: string;
  /** Of commands; also holds the addresses of webhooks and of proxies. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Gives up what is being sent: a command is killed, and nothing is tried again. */
  readonly signal?: AbortSignal;
};

export const givenUp = { why: 'etl-tui was stopped', mayRetry: false } as const;

/** Undefined when the message arrived. `why` may hold what a command printed, unmasked. */
export type Refusal = { readonly why: string; readonly mayRetry: boolean } | undefined;

/** For messages: never the address of a webhook. */
export function nameOfReceiver({ by }: Notification): string {
  if (by.kind === 'webhook') return `the webhook in ${by.variable}`;
  const words = by.command.kind === 'argv' ? by.command.argv[0] : by.command.script.trim().split('\n')[0]!;
  return `the command ${words.length > 60 ? `${words.slice(0, 59)}…` : words}`;
}

/** Resolves when the signal comes; never when there is none. */
export function whenAborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
}
