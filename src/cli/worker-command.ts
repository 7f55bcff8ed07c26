import type { Command } from 'commander';
import type { WorkerOptions } from './commands/worker.ts';
import { addLook } from './display-options.ts';
import type { Done, Invocation } from './invocation.ts';
import { collectLabels, collectNames, positiveInteger, shortText } from './option-values.ts';

export function addWorker(program: Command, invocation: Invocation, done: Done): void {
  const command = program
    .command('worker')
    .summary('carry out tasks of runs that use the queue')
    .description(
      'Carries out tasks of runs with --executor queue, from whatever machine: takes them from the queue in the database of ETL_TUI_QUEUE. After SIGTERM or Ctrl-C it takes nothing more and ends when its tasks have; a second one ends them.',
    )
    .option('--name <NAME>', 'its name for people (default: that of the machine)', shortText)
    .option('--labels <LABELS>', 'what tasks may ask for, separated by commas, such as gpu,r', collectLabels)
    .option('--slots <N>', 'how many tasks it carries out at once (default: one for each core)', positiveInteger)
    .option('--lease <DURATION>', 'how long it counts as living without being heard of', '30s')
    .option(
      '--root <DIR>',
      'stands for the project directory; nothing is started outside (default: the working directory)',
    )
    .option('--allow <PROGRAMS>', 'run only these programs: names or paths, separated by commas', collectNames);
  addLook(command).action(async (options: WorkerOptions) => {
    const { worker } = await import('./commands/worker.ts');
    done(await worker(options, invocation));
  });
}
