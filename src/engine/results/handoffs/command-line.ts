import type { RunState } from '../../model/run/run-state.ts';

/** The command line that does the work of `tasks` and of all that is downstream again, with the parameters of the run. */
export function rerunCommand(state: RunState, tasks: readonly string[]): string {
  const { plan, options } = state;
  const sequential = options.sequential ? ['--sequential'] : [];
  return commandLine('etl-tui', 'run', plan.pipeline.file, '--from', tasks.join(','), ...sequential, ...params(state));
}

/** The command line that asks the checks of the run again, with its parameters. */
export function checkCommand(state: RunState): string {
  return commandLine('etl-tui', 'check', state.plan.pipeline.file, ...params(state));
}

/** Only the values that differ from the defaults: a command without options is read at a glance. */
function params({ plan, options }: RunState): readonly string[] {
  const defaults = new Map(plan.pipeline.params.map((param) => [param.name, param.default]));
  return Object.entries(options.params ?? {})
    .filter(([name, value]) => defaults.get(name) !== value)
    .flatMap(([name, value]) => ['-p', `${name}=${value}`]);
}

/** The words as one line for a shell. */
export function commandLine(...words: readonly string[]): string {
  return words.map(quote).join(' ');
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
