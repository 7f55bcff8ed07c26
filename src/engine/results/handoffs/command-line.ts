import type { RunState } from '../../model/run/run-state.ts';

/** The command line that does the work of `tasks` and of all that is downstream again. */
export function rerunCommand({ plan, options }: RunState, tasks: readonly string[]): string {
  const sequential = options.sequential ? ['--sequential'] : [];
  return commandLine('etl-tui', 'run', plan.pipeline.file, '--from', tasks.join(','), ...sequential);
}

/** The words as one line for a shell. */
export function commandLine(...words: readonly string[]): string {
  return words.map(quote).join(' ');
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
