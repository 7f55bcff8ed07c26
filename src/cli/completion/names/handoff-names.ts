import { displayText, listHandoffs } from '../../../engine/index.ts';
import type { PartialCall } from '../read-call.ts';
import type { Suggestion } from '../suggestions.ts';
import { directoryOf } from './find-project.ts';
import { plannedFor } from './pipeline-names.ts';

/** The active hand-offs, newest first. */
export async function handoffNames(call: PartialCall, cwd: string): Promise<readonly Suggestion[]> {
  const usual = plannedFor(call, cwd)?.spec?.handoffs?.directory ?? 'handoffs';
  const { handoffs } = await listHandoffs(directoryOf(call, '--directory', usual, cwd), ['active']);
  return handoffs.toReversed().map(({ name, document }) => {
    const { handoff } = document;
    return { value: name, ...(typeof handoff === 'string' ? { about: displayText(handoff) } : {}) };
  });
}
