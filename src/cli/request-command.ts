import type { Command } from 'commander';
import { addLook, addReports } from './display-options.ts';
import type { Invocation } from './invocation.ts';
import { parallelLimit } from './option-values.ts';
import type { RequestOptions } from './request/request-options.ts';

export function addRequest(program: Command, invocation: Invocation, done: (exitCode: number) => void): void {
  const command = program
    .command('request')
    .summary('carry out a data_refresh_request from another team')
    .description(
      'Carries out a data refresh request: compares the plan with the deadline, runs the tasks it needs, checks the result, and answers with a hand-off that lists each deliverable.',
    )
    .argument('[FILE]', 'file of the request')
    .option(
      '--watch [DIR]',
      'carry out every request that arrives in this directory (default: incoming in the hand-off directory)',
    )
    .option('--pipeline <FILE>', 'pipeline file (default: the same as for run)')
    .option('--refuse-late', 'refuse a request whose deadline cannot be met')
    .option('--dry-run', 'print what would run and when it would be done, without running it')
    .option('--ci', 'print a log instead of the screen (default when there is no terminal, and with --watch)')
    .option('--no-tui', 'the same as --ci')
    .option('--sequential', 'run one task at a time in dependency order; stop at the first failure')
    .option(
      '-j, --max-parallel <N>',
      'run at most N tasks at once; "auto": as many as the machine allows',
      parallelLimit,
    );
  addLook(addReports(command)).action(async (file: string | undefined, options: RequestOptions) => {
    const { request } = await import('./commands/request.ts');
    done(await request(file, options, invocation));
  });
}
