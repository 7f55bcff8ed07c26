import { paramList } from '../../display/format/param-list.ts';
import { displayText, type RunRequest, shownParams } from '../../engine/index.ts';

/** With which values a run would be started now; nothing without parameters. */
export function paramLines(request: RunRequest): readonly string[] {
  const params = paramList(shownParams(request));
  return params === '' ? [] : [`with ${displayText(params)}`];
}
