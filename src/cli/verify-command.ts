import { type Command, InvalidArgumentError } from 'commander';
import type { VerifyOptions } from './commands/verify.ts';
import { addLook } from './display-options.ts';
import type { Done, Invocation } from './invocation.ts';
import { collectNames, collectParam, parallelLimit, paramHelp, positiveInteger } from './option-values.ts';

export function addVerify(program: Command, invocation: Invocation, done: Done): void {
  const command = program
    .command('verify')
    .summary('prove that parallel = sequential and that every task can be run twice or killed')
    .description(
      'Runs a pipeline in temporary databases and proves that it gives the same data sequentially, in parallel, with independent tasks in the opposite order, with each task run twice, and with each task killed at random moments and run again. If not, it names the task and shows rows that differ.',
    )
    .argument('[PIPELINE]', 'pipeline file (default: the same as for run)')
    .option('--only <TASKS>', 'run twice and kill only these tasks or levels; what they need is run once', collectNames)
    .option('--skip <TASKS>', 'skip these tasks or levels; their downstream runs', collectNames)
    .option('-p, --param <K=V>', paramHelp, collectParam(invocation.env))
    .option(
      '-j, --max-parallel <N>',
      'run at most N tasks at once in the parallel run; "auto": as many as the machine allows',
      parallelLimit,
    )
    .option(
      '--ignore <COLUMNS>',
      'do not compare these columns: COLUMN, TABLE.COLUMN, or TABLE.* for a whole table',
      collectColumns,
    )
    .option('--kills <N>', 'how often each task is killed before it may finish', positiveInteger, 3)
    .option('--seed <N>', 'seed of the random kills, to repeat them at the same moments', seedNumber)
    .option('--no-parallel', 'skip the parallel run')
    .option('--no-order', 'skip the run in the opposite order')
    .option('--no-twice', 'do not run tasks twice')
    .option('--no-kill', 'do not kill tasks')
    .option(
      '--in-schemas',
      'use schemas of the existing database instead of new databases; only if no task names a schema',
    )
    .option('--keep', 'keep the databases and the logs, and print where they are')
    .option('--json', 'print JSON');
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
