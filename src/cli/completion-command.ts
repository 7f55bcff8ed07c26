import { Argument, type Command } from 'commander';
import type { CompletionShell } from './completion/scripts.ts';
import { addLook } from './display-options.ts';
import type { Done, Invocation } from './invocation.ts';

export function addCompletion(program: Command, invocation: Invocation, done: Done): void {
  const command = program
    .command('completion')
    .summary('print what lets a shell complete calls of etl-tui')
    .description(
      'Prints the script with which bash, zsh or fish completes commands, options, and the names of tasks, levels, parameters and runs of the project at hand.',
    )
    .addArgument(new Argument('<SHELL>', 'which shell').choices(['bash', 'zsh', 'fish'] satisfies CompletionShell[]));
  addLook(command).action(async (shell: CompletionShell) => {
    const { completion } = await import('./commands/completion.ts');
    done(completion(shell, invocation));
  });
}
