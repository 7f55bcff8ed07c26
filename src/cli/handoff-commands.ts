import type { Command } from 'commander';
import type { CloseHandoffOptions, ListHandoffsOptions } from './commands/handoffs.ts';
import { addLook } from './display-options.ts';
import type { Done, Invocation } from './invocation.ts';

export function addHandoffs(program: Command, invocation: Invocation, done: Done): void {
  const handoffs = program
    .command('handoffs')
    .summary('list and close hand-offs, the files that tell other teams how runs ended')
    .description('Lists and closes the hand-offs of a project: files that tell other teams how runs ended.');
  const addWhere = (command: Command) =>
    addLook(
      command.option(
        '--directory <DIR>',
        'the directory of the hand-offs (default: the one in the pipeline file, else handoffs)',
      ),
    );
  addWhere(
    handoffs
      .command('list')
      .description('list the active hand-offs, newest last')
      .option('--all', 'also list the closed ones')
      .option('--json', 'print JSON'),
  ).action(async (options: ListHandoffsOptions) => {
    const { list } = await import('./commands/handoffs.ts');
    done(await list(options, invocation));
  });
  addWhere(
    handoffs
      .command('close')
      .description('close a hand-off and record who closed it and when')
      .argument('<NAME>', 'name, beginning of the name, file or subject of the hand-off')
      .option('--note <TEXT>', 'what was done about it'),
  ).action(async (name: string, options: CloseHandoffOptions) => {
    const { close } = await import('./commands/handoffs.ts');
    done(await close(name, options, invocation));
  });
}
