import { type Command, Option } from 'commander';
import type { InitOptions } from './commands/init.ts';
import { addLook } from './display-options.ts';
import { templates } from './init/templates.ts';
import type { Done, Invocation } from './invocation.ts';

export function addInit(program: Command, invocation: Invocation, done: Done): void {
  const about = templates.map(({ name, about: text }) => `${name}: ${text}`).join('; ');
  const command = program
    .command('init')
    .summary('create a small pipeline that is ready to run')
    .description(
      'Creates a small pipeline that is ready to run, with checks, a README, a GitHub workflow and the schema for editors. Never overwrites a file.',
    )
    .argument('[DIR]', 'the directory, created if missing (default: the current directory)')
    .addOption(new Option('--template <NAME>', about).choices(templates.map(({ name }) => name)).default('minimal'))
    .option('--keep', 'keep existing files and write only the others');
  addLook(command).action(async (directory: string | undefined, options: InitOptions) => {
    const { init } = await import('./commands/init.ts');
    done(init(directory, options, invocation));
  });
}
