import type { Command } from 'commander';
import { addLook, addReports } from './display-options.ts';
import type { Invocation } from './invocation.ts';
import { parallelLimit } from './option-values.ts';
import type { RequestOptions } from './request/request-options.ts';

export function addRequest(program: Command, invocation: Invocation, done: (exitCode: number) => void): void {
  const command = program
    .command('request')
    .summary('carry out a data_refresh_request of another team')
    .description(
      'Carries out a request for a data refresh: plans it against its deadline, runs what it needs, checks the result, and answers with a hand-off that names each deliverable.',
    )
    .argument('[FILE]', 'the request')
    .option('--watch [DIR]', 'carry out those that arrive there (default: incoming below the hand-offs)')
    .option('--pipeline <FILE>', 'pipeline file (default: as for run)')
    .option('--refuse-late', 'run nothing for a request whose deadline cannot be met')
    .option('--dry-run', 'say what a request means and when it would be done, and run no task')
    .option('--ci', 'a log instead of a screen, as always when there is no terminal and with --watch')
    .option('--no-tui', 'the same as --ci')
    .option('--sequential', 'one task at a time in dependency order, stop at the first failure')
    .option('-j, --max-parallel <N>', 'at most N tasks at once; "auto": as many as the machine bears', parallelLimit);
  addLook(addReports(command)).action(async (file: string | undefined, options: RequestOptions) => {
    const { request } = await import('./commands/request.ts');
    done(await request(file, options, invocation));
  });
}
