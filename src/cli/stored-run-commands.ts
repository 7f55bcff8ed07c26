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
  const run = 'id of a run, the beginning of an id, or "latest"';
  const addWhere = (command: Command) =>
    addLook(
      command
        .option('--json', 'print JSON')
        .option('--log-dir <DIR>', 'the log directory (default: logs/etl in the project)'),
    );
  addWhere(
    program
      .command('history')
      .summary('list the latest runs')
      .description('Lists the latest runs, newest last.')
      .option('--last <N>', 'number of runs', positiveInteger, 20),
  ).action(async (options: HistoryOptions) => {
    const { history } = await import('./commands/history.ts');
    done(await history(options, invocation));
  });
  addWhere(
    program
      .command('show')
      .summary('show how a run went')
      .description('Shows how a run went: levels, tasks, checks, what was slow, what failed and why.')
      .argument('<RUN>', run)
      .option('--against <RUN>', 'compare it with this run, task by task')
      .option('--rebuild', 'first write its result files again, from its journal'),
  ).action(async (named: string, options: ShowOptions) => {
    const { show } = await import('./commands/show.ts');
    done(await show(named, options, invocation));
  });
  addWhere(
    program
      .command('logs')
      .summary('print the output of a task, or of all tasks')
      .description(
        'Prints the output of a task: without control characters on a terminal, byte for byte into a pipe or file. Without a task it prints the output of all tasks, by time, each line with its task.',
      )
      .argument('<RUN>', run)
      .argument('[TASK]', 'a task of the run (default: all tasks)')
      .option('--all', 'print all tasks')
      .option('--attempt <N>', 'the number of the attempt (default: the latest)', positiveInteger)
      .option('--timestamps', 'start each line with its time (UTC) and its stream (out or err)')
      .option('-f, --follow', 'follow the output, including later attempts, until the run ends'),
  ).action(async (named: string, task: string | undefined, options: LogsOptions) => {
    const { logs } = await import('./commands/logs.ts');
    done(await logs(named, task, options, invocation));
  });
  addWhere(
    program
      .command('trends')
      .summary('show how durations changed and what became slower')
      .description(
        'Shows how long a pipeline and its tasks took in the latest runs, how reliable they are, and what became slower. Compares runs with the same parameters as the latest one.',
      )
      .argument(
        '[PIPELINE]',
        'pipeline file (default: the same as for run; if there is none, the pipeline that ran last)',
      )
      .option('--last <N>', 'number of runs', positiveInteger, 10)
      .option('--task <TASK>', 'show only this task, run by run')
      .option('--all-params', 'include runs with other parameters'),
  ).action(async (pipeline: string | undefined, options: TrendsOptions) => {
    const { trends } = await import('./commands/trends.ts');
    done(await trends(pipeline, options, invocation));
  });
  addWhere(
    program
      .command('prune')
      .summary('delete old runs')
      .description(
        'Deletes the logs and results of old runs. Keeps their performance records, which trends and plan need. Never deletes a run that is still running. With several rules, a run is deleted if any rule says so.',
      )
      .option('--keep-runs <N>', 'keep the newest N runs', positiveInteger)
      .option('--older-than <DURATION>', 'delete runs older than this, such as 12h or 30d')
      .option('--max-size <SIZE>', 'delete the oldest runs until the rest takes at most this much, such as 5GB')
      .option('--dry-run', 'print what would be deleted, without deleting it'),
  ).action(async (options: PruneOptions) => {
    const { prune } = await import('./commands/prune.ts');
    done(await prune(options, invocation));
  });
  addLook(
    program
      .command('replay')
      .summary('replay a run on the screen')
      .description('Replays a run on the screen, from its journal. Runs nothing.')
      .argument('<RUN>', run)
      .option('--speed <N>', 'how many times faster than the run', positiveInteger, 10)
      .option('--log-dir <DIR>', 'the log directory (default: logs/etl in the project)'),
  ).action(async (named: string, options: ReplayOptions) => {
    const { replay } = await import('./commands/replay.ts');
    done(await replay(named, options, invocation));
  });
}
