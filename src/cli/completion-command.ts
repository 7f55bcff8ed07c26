import { Argument, type Command } from 'commander';
import type { CompletionShell } from './completion/scripts.ts';
import { addLook } from './display-options.ts';
import type { Done, Invocation } from './invocation.ts';

export function addCompletion(program: Command, invocation: Invocation, done: Done): void {
  const command = program
    .command('completion')
    .summary('print the completion script for your shell')
    .description(
      'Prints the completion script for bash, zsh or fish. It completes commands, options, and the names of tasks, levels, parameters and runs of the current project.',
    )
    .addArgument(new Argument('<SHELL>', 'the shell').choices(['bash', 'zsh', 'fish'] satisfies CompletionShell[]));
  addLook(command).action(async (shell: CompletionShell) => {
    const { completion } = await import('./commands/completion.ts');
    done(completion(shell, invocation));
  });
}
