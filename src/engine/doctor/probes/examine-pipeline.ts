import { findMissingWebhooks } from '../../run/preflight/find-missing-webhooks.ts';
import { findVainWaits } from '../../run/preflight/find-vain-waits.ts';
import type { Probe } from '../probe.ts';
import { resultFrom } from '../probe-result.ts';

/** Whether tasks wait for runs of other pipelines that cannot be. */
export const examineWaits: Probe = async ({ pipeline, projectDir }) => {
  if (pipeline === undefined) return [];
  const warnings = await findVainWaits({ plan: pipeline.plan, projectDir });
  return warnings.map((warning) => resultFrom('pipeline', warning, 'problem'));
};

/** Whether the addresses are known at which somebody wants to be told how a run ends. */
export const examineNotify: Probe = async ({ pipeline, env }) => {
  if (pipeline === undefined) return [];
  return findMissingWebhooks({ plan: pipeline.plan, env }).map((warning) => resultFrom('notify', warning));
};
