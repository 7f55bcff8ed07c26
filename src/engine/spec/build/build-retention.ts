import type { Retention } from '../../model/pipeline/pipeline.ts';
import type { RetentionRecord } from '../schema/sections/retention-shape.ts';

/** Nothing when the file names no rule. */
export function buildRetention(retention: RetentionRecord | undefined): { readonly retention?: Retention } {
  const { keep_runs: keepRuns, older_than: olderThanMs, max_size: maxBytes } = retention ?? {};
  if (keepRuns === undefined && olderThanMs === undefined && maxBytes === undefined) return {};
  return {
    retention: {
      ...(keepRuns === undefined ? {} : { keepRuns }),
      ...(olderThanMs === undefined ? {} : { olderThanMs }),
      ...(maxBytes === undefined ? {} : { maxBytes }),
    },
  };
}
