import pLimit from 'p-limit';
import type { CheckSpec } from '../../model/pipeline/pipeline.ts';
import type { CheckAnswer } from '../../model/run/check-result.ts';
import type { CheckRunner } from '../../ports.ts';

/** More commands at once would compete with tasks for the cores. */
const maxConcurrentCommands = 2;

export type CheckParts = {
  /** Absent when no check of the plan asks a database. */
  readonly database: CheckRunner | undefined;
  readonly commands: CheckRunner;
  /** The numbers that the check had in past runs, oldest first. */
  readonly pastOf: (check: CheckSpec) => readonly number[];
  /** How many checks may ask the database at once now; asked again whenever one starts or has its answer. */
  readonly maxOnDatabase: () => number;
};

/** Runs the checks of a plan, each where it belongs and in its turn, and puts its description before what it found. */
export function composeChecks({ database, commands, pastOf, maxOnDatabase }: CheckParts): CheckRunner {
  const onDatabase = pLimit(1);
  const byCommand = pLimit(maxConcurrentCommands);
  const ask = async (check: CheckSpec): Promise<CheckAnswer> => {
    if (database === undefined) throw new Error(`check "${check.name}" was run without a database`);
    try {
      return await database.run(check, pastOf(check));
    } finally {
      onDatabase.concurrency = maxOnDatabase();
    }
  };
  return {
    run: async (check) => {
      if (check.definition.kind === 'command') return describe(check, await byCommand(() => commands.run(check)));
      onDatabase.concurrency = maxOnDatabase();
      return describe(check, await onDatabase(() => ask(check)));
    },
  };
}

/** What the check means stands before what it found wrong, once, wherever its summary is shown. */
function describe({ description }: CheckSpec, result: CheckAnswer): CheckAnswer {
  if (description === undefined || (result.verdict !== 'fail' && result.verdict !== 'warn')) return result;
  const meaning = description.trim().replace(/\s+/gu, ' ').replace(/[.:]$/u, '');
  return { ...result, summary: `${meaning}: ${result.summary}` };
}
