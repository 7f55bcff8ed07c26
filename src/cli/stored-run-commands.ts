import type { Command } from 'commander';
import type { HistoryOptions } from './commands/history.ts';
import type { PruneOptions } from './commands/prune.ts';
import type { ReplayOptions } from './commands/replay.ts';
import type { ShowOptions } from './commands/show.ts';
import type { TrendsOptions } from './commands/trends.ts';
import { addLook } from './display-options.ts';
import type { Done, Invocation } from './invocation.ts';
import { positiveInteger } from './option-values.ts';
import type { LogsOptions } from './stored-runs/log-line-form.ts';

/** The commands about runs of the past. */
export function addStoredRuns(program: Command, invocation: Invocation, done: Done): void {
  const run = 'the id of a run, the beginning of one, or "latest"';
  const addWhere = (command: Command) =>
    addLook(
      command
        .option('--json', 'for programs')
        .option('--log-dir <DIR>', 'where the logs are (default: logs/etl in the project)'),
    );
  addWhere(
    program
      .command('history')
      .summary('list the last runs')
      .description('Lists the last runs, newest last.')
      .option('--last <N>', 'so many runs', positiveInteger, 20),
  ).action(async (options: HistoryOptions) => {
    const { history } = await import('./commands/history.ts');
    done(await history(options, invocation));
  });
  addWhere(
    program
      .command('show')
      .summary('show how a run went')
      .description('Tells how a run went: levels, tasks, checks, what was slow, what failed and why.')
      .argument('<RUN>', run)
      .option('--against <RUN>', 'compare it with that run, task by task')
      .option('--rebuild', 'write its result files again first, from its journal'),
  ).action(async (named: string, options: ShowOptions) => {
    const { show } = await import('./commands/show.ts');
    done(await show(named, options, invocation));
  });
  addWhere(
    program
      .command('logs')
      .summary('print what a task printed, or all tasks')
      .description(
        'Prints what a task printed, safe on a terminal, and byte for byte into a pipe or file; without a task what all tasks printed, by time, each line with its task.',
      )
      .argument('<RUN>', run)
      .argument('[TASK]', 'a task of it (without it: all tasks)')
      .option('--all', 'all tasks')
      .option('--attempt <N>', 'that attempt instead of the last', positiveInteger)
      .option('--timestamps', 'put before each line when it came (UTC), and out or err for its stream')
      .option('-f, --follow', 'go on with what comes and with later attempts, until the run ends'),
  ).action(async (named: string, task: string | undefined, options: LogsOptions) => {
    const { logs } = await import('./commands/logs.ts');
    done(await logs(named, task, options, invocation));
  });
  addWhere(
    program
      .command('trends')
      .summary('show how durations have developed, and what has become slower')
      .description(
        'Tells of a pipeline and each of its tasks how long they took in the last runs, how reliable they are, and what has become slower. Compares runs with the same parameters as the last one.',
      )
      .argument('[PIPELINE]', 'pipeline file (without it: the usual one; without any, the pipeline that ran last)')
      .option('--last <N>', 'so many runs', positiveInteger, 10)
      .option('--task <TASK>', 'only this task, run by run')
      .option('--all-params', 'compare runs with other parameters too'),
  ).action(async (pipeline: string | undefined, options: TrendsOptions) => {
    const { trends } = await import('./commands/trends.ts');
    done(await trends(pipeline, options, invocation));
  });
  addWhere(
    program
      .command('prune')
      .summary('delete old runs')
      .description(
        'Deletes the logs and results of old runs, and keeps their performance records, which trends and plans are made of. A run that is under way is never touched. With several rules, a run goes that breaks one of them.',
      )
      .option('--keep-runs <N>', 'keep so many, the newest ones', positiveInteger)
      .option('--older-than <DURATION>', 'delete those that began longer ago, such as 12h or 30d')
      .option('--max-size <SIZE>', 'delete the oldest until the rest takes at most this much, such as 5GB')
      .option('--dry-run', 'tell what would be deleted, and delete nothing'),
  ).action(async (options: PruneOptions) => {
    const { prune } = await import('./commands/prune.ts');
    done(await prune(options, invocation));
  });
  addLook(
    program
      .command('replay')
      .summary('see a run again, on the screen')
      .description('Plays a run again on the screen, from its journal. Nothing is run.')
      .argument('<RUN>', run)
      .option('--speed <N>', 'so many times as fast as it was', positiveInteger, 10)
      .option('--log-dir <DIR>', 'where the logs are (default: logs/etl in the project)'),
  ).action(async (named: string, options: ReplayOptions) => {
    const { replay } = await import('./commands/replay.ts');
    done(await replay(named, options, invocation));
  });
}
