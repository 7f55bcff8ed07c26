import { type Command, InvalidArgumentError } from 'commander';
import type { VerifyOptions } from './commands/verify.ts';
import { addLook } from './display-options.ts';
import type { Done, Invocation } from './invocation.ts';
import { collectNames, collectParam, parallelLimit, paramHelp, positiveInteger } from './option-values.ts';

export function addVerify(program: Command, invocation: Invocation, done: Done): void {
  const command = program
    .command('verify')
    .summary('prove that parallel = sequential, and that every task may be run again or killed')
    .description(
      'Proves, in databases of its own that it drops in the end, that a pipeline gives the same data one task after the other, in parallel and with independent tasks in the opposite order, when each task is run twice, and when each is killed at random moments and run again. Says which task does not, with rows that differ.',
    )
    .argument('[PIPELINE]', 'pipeline file (without it: as for run)')
    .option('--only <TASKS>', 'run these twice and kill these; what they need is run, too', collectNames)
    .option('--skip <TASKS>', 'leave these out; what waits for them runs without them', collectNames)
    .option('-p, --param <K=V>', paramHelp, collectParam(invocation.env))
    .option('-j, --max-parallel <N>', 'at most N tasks at once in the parallel run; or "auto"', parallelLimit)
    .option('--ignore <COLUMNS>', 'do not compare these: COLUMN, TABLE.COLUMN, or TABLE.* for a table', collectColumns)
    .option('--kills <N>', 'how often each task is killed before it may run to its end', positiveInteger, 3)
    .option('--seed <N>', 'the number that decides when tasks are killed, to have the same moments again', seedNumber)
    .option('--no-parallel', 'leave the parallel run out')
    .option('--no-order', 'leave the run with independent tasks in the opposite order out')
    .option('--no-twice', 'run no task twice')
    .option('--no-kill', 'kill no task')
    .option('--in-schemas', 'schemas in the database that is there; only when no task names a schema')
    .option('--keep', 'leave the databases and the logs there, and say where')
    .option('--json', 'for programs');
  addLook(command).action(async (pipeline: string | undefined, options: VerifyOptions) => {
    const { verify } = await import('./commands/verify.ts');
    done(await verify(pipeline, options, invocation));
  });
}

function collectColumns(text: string, before: readonly string[] = []): readonly string[] {
  const columns = text
    .split(',')
    .map((column) => column.trim())
    .filter((column) => column !== '');
  if (columns.length === 0) throw new InvalidArgumentError('must be columns, separated by commas');
  return [...before, ...columns];
}

function seedNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('must be a whole number of at most 9 digits');
  return Number(text);
}
