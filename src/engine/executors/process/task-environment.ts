/** The variables that control etl-tui itself; tasks do not get them. */
const controlPrefix = 'ETL_TUI_';

/** These would change how the shell of a slot works, and so they are set for the task only. */
const changesBash: ReadonlySet<string> = new Set([
  'BASH_COMPAT',
  'EXECIGNORE',
  'FUNCNEST',
  'IFS',
  'POSIXLY_CORRECT',
  'PS4',
  'TMOUT',
]);

/** Bash stores the options of the slot's own shell in them, and does not let anybody set them. */
const bashOptions: ReadonlySet<string> = new Set(['BASHOPTS', 'SHELLOPTS']);

/** What every attempt gets: most of it by inheritance from its slot, the rest with each instruction. */
export type TaskEnvironment = {
  readonly inherited: Readonly<Record<string, string>>;
  readonly perAttempt: Readonly<Record<string, string>>;
};

/** Divides `env`, without the variables that control etl-tui and the options of a shell that started it. */
export function taskEnvironment(env: Readonly<Record<string, string | undefined>>): TaskEnvironment {
  const inherited: Record<string, string> = {};
  const perAttempt: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || name.startsWith(controlPrefix) || bashOptions.has(name)) continue;
    (changesBash.has(name) ? perAttempt : inherited)[name] = value;
  }
  return { inherited, perAttempt };
}
