import type { Awaited, Command } from '../pipeline/pipeline.ts';
import { unreachable } from '../unreachable.ts';
import { displayText } from './display-text.ts';

/** What a task waits for outside the run, after "waits for": `file in/orders.csv`, `./upstream-ready`. */
export function describeAwaited(awaited: Awaited): string {
  switch (awaited.kind) {
    case 'file':
      return `file ${awaited.path}`;
    case 'command':
      return describeCommand(awaited.command);
    case 'pipeline':
      return `pipeline ${awaited.file} (${awaited.params.join(', ')})`;
    default:
      return unreachable(awaited);
  }
}

const maxLength = 60;

/** A command in a few words: the beginning of its first line. */
export function describeCommand(command: Command): string {
  const written = command.kind === 'argv' ? command.argv.join(' ') : command.script;
  const text = displayText(written.trim().split('\n')[0]!.trim());
  return text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
}
