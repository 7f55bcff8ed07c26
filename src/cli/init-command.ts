import { type Command, Option } from 'commander';
import type { InitOptions } from './commands/init.ts';
import { addLook } from './display-options.ts';
import { templates } from './init/templates.ts';
import type { Done, Invocation } from './invocation.ts';

export function addInit(program: Command, invocation: Invocation, done: Done): void {
  const about = templates.map(({ name, about: text }) => `${name}: ${text}`).join('; ');
  const command = program
    .command('init')
    .summary('write a small pipeline that runs at once')
    .description(
      'Writes a small pipeline that runs at once, with checks, a README, a workflow for GitHub and the schema for editors. Never replaces a file.',
    )
    .argument('[DIR]', 'where to; it is created when it is missing (without it: here)')
    .addOption(new Option('--template <NAME>', about).choices(templates.map(({ name }) => name)).default('minimal'))
    .option('--keep', 'keep files that are already there, and write the others');
  addLook(command).action(async (directory: string | undefined, options: InitOptions) => {
    const { init } = await import('./commands/init.ts');
    done(init(directory, options, invocation));
  });
}
