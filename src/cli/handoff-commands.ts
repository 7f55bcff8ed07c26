import type { Command } from 'commander';
import type { CloseHandoffOptions, ListHandoffsOptions } from './commands/handoffs.ts';
import { addLook } from './display-options.ts';
import type { Done, Invocation } from './invocation.ts';

export function addHandoffs(program: Command, invocation: Invocation, done: Done): void {
  const handoffs = program
    .command('handoffs')
    .summary('list and close the files that tell other teams how runs ended')
    .description('The hand-off files of a project: what runs have told other teams, and what was done about it.');
  const addWhere = (command: Command) =>
    addLook(command.option('--directory <DIR>', 'where they are (default: as the pipeline file says, else handoffs)'));
  addWhere(
    handoffs
      .command('list')
      .description('Lists the active hand-offs, the newest last.')
      .option('--all', 'those that are done as well')
      .option('--json', 'for programs'),
  ).action(async (options: ListHandoffsOptions) => {
    const { list } = await import('./commands/handoffs.ts');
    done(await list(options, invocation));
  });
  addWhere(
    handoffs
      .command('close')
      .description('Moves a hand-off to those that are done, with who closed it and when.')
      .argument('<NAME>', 'its name, file or subject, or the beginning of its name')
      .option('--note <TEXT>', 'what was done about it'),
  ).action(async (name: string, options: CloseHandoffOptions) => {
    const { close } = await import('./commands/handoffs.ts');
    done(await close(name, options, invocation));
  });
}
