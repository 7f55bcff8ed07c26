import type { Diagnostic } from '../../model/diagnostic.ts';
import { webhookVariables } from '../parts/run-masking.ts';
import type { RunRequest } from '../request/run-request.ts';

/** One warning `run/not-notified` for all webhooks whose variables are not set: at the end, when they are needed, it is too late. */
export function findMissingWebhooks({
  plan,
  env,
  leaveOut = {},
}: Pick<RunRequest, 'plan' | 'env' | 'leaveOut'>): readonly Diagnostic[] {
  const missing = leaveOut.notify === true ? [] : webhookVariables(plan.pipeline).filter((name) => !env[name]);
  if (missing.length === 0) return [];
  return [
    {
      code: 'run/not-notified',
      severity: 'warning',
      message: `${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not set, so the notification cannot be sent`,
      hint: 'set it to the address of the webhook, or use --no-notify',
    },
  ];
}
