/** Ours to say how etl-tui itself behaves, and none of the tasks' business. */
const ownPrefix = 'ETL_TUI_';

/** Would change how the shell of a slot works before they ever reached a task. */
const troublesForBash: ReadonlySet<string> = new Set(['BASH_COMPAT', 'EXECIGNORE', 'POSIXLY_CORRECT', 'TMOUT']);

/** What every attempt gets: most of it by inheritance from its slot, the rest with each order. */
export type TaskEnvironment = {
  readonly inherited: Readonly<Record<string, string>>;
  readonly ordered: Readonly<Record<string, string>>;
};

/** Divides `env`, without our own control variables. */
export function taskEnvironment(env: Readonly<Record<string, string | undefined>>): TaskEnvironment {
  const inherited: Record<string, string> = {};
  const ordered: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || name.startsWith(ownPrefix)) continue;
    (troublesForBash.has(name) ? ordered : inherited)[name] = value;
  }
  return { inherited, ordered };
}
