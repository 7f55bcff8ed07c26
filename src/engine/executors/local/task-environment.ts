/** Ours to say how etl-tui itself behaves, and none of the tasks' business. */
const ownPrefix = 'ETL_TUI_';

/** Would change how the shell of a slot works before they ever reached a task. */
const upsetsBash: ReadonlySet<string> = new Set([
  'BASH_COMPAT',
  'EXECIGNORE',
  'FUNCNEST',
  'IFS',
  'POSIXLY_CORRECT',
  'PS4',
  'TMOUT',
]);

/** Bash puts the options of the slot's own shell there, and does not let them be set for a task. */
const optionsOfBash: ReadonlySet<string> = new Set(['BASHOPTS', 'SHELLOPTS']);

/** What every attempt gets: most of it by inheritance from its slot, the rest with each order. */
export type TaskEnvironment = {
  readonly inherited: Readonly<Record<string, string>>;
  readonly ordered: Readonly<Record<string, string>>;
};

/** Divides `env`, without our own control variables and the options of a shell around us. */
export function taskEnvironment(env: Readonly<Record<string, string | undefined>>): TaskEnvironment {
  const inherited: Record<string, string> = {};
  const ordered: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || name.startsWith(ownPrefix) || optionsOfBash.has(name)) continue;
    (upsetsBash.has(name) ? ordered : inherited)[name] = value;
  }
  return { inherited, ordered };
}
