import { displayText, type PipelineChange } from '../../engine/index.ts';
import type { Style } from '../output/style.ts';

const maxLines = 20;

/** What has changed since the last valid version, a line for each: `+ task load`, `~ task merge: command, timeout`. */
export function changeLines(changes: readonly PipelineChange[], { paint }: Style): readonly string[] {
  const marks = { added: paint.green('+'), removed: paint.red('-'), changed: paint.yellow('~') };
  const lines = changes.map(({ kind, what, name, keys }) => {
    return `  ${marks[kind]} ${displayText(`${what} ${name}${keys.length === 0 ? '' : `: ${keys.join(', ')}`}`)}`;
  });
  return lines.length <= maxLines ? lines : [...lines.slice(0, maxLines), `  and ${lines.length - maxLines} more`];
}
