import type { Notification } from '../model/pipeline/pipeline.ts';
import { sleep } from '../platform/sleep.ts';
import { givenUp, type Message, type NotifyContext, type Refusal, whenAborted } from './notification.ts';
import { runCommand } from './run-command.ts';
import { sendWebhook } from './send-webhook.ts';

/** How long each try may take. */
const withinMs = 5_000;
/** The delays between tries. */
const delaysMs = [500, 2_000] as const;

/**
 * Sends a message, with two more tries when one fails for a reason that may pass. Returns why it did not arrive. Never
 * rejects.
 */
export async function deliver(
  { by }: Notification,
  message: Message,
  context: NotifyContext,
): Promise<string | undefined> {
  const send = (): Promise<Refusal> =>
    by.kind === 'command'
      ? runCommand(by.command, message, context, withinMs)
      : sendWebhook(by.variable, message, context, withinMs);
  let refusal = await send();
  for (const delayMs of delaysMs) {
    if (refusal?.mayRetry !== true) break;
    await Promise.race([sleep(delayMs), whenAborted(context.signal)]);
    if (context.signal?.aborted === true) return givenUp.why;
    refusal = await send();
  }
  return refusal?.why;
}
