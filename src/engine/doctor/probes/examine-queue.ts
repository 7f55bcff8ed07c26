import type { Probe } from '../probe.ts';
import { fine, resultFrom, resultOf } from '../probe-result.ts';

/** Whether the queue that ETL_TUI_QUEUE names can be used, and whether somebody works for it; nothing without that. */
export const examineQueue: Probe = async ({ env }) => {
  if (!env['ETL_TUI_QUEUE']) return [];
  const { queueFacts } = await import('../../queue/queue-facts.ts');
  const facts = await queueFacts(env);
  if (!facts.ok) return [resultFrom('queue', facts.error, 'problem')];
  const { place, workers, slots, openRuns, warning } = facts.value;
  const told = warning === undefined ? [] : [resultFrom('queue', warning)];
  if (workers === 0) return [resultOf('queue', 'warning', `${place}: no worker is alive`, startOne), ...told];
  const runs = openRuns === 1 ? '1 open run' : `${openRuns} open runs`;
  const alive = workers === 1 ? '1 worker is alive' : `${workers} workers are alive`;
  return [fine('queue', `${place}: ${alive}, with ${slots} slots; ${runs}`), ...told];
};

const startOne = 'start "etl-tui worker" on the machines that are to run tasks';
