import type { Command } from 'commander';
import type { DoctorOptions } from './commands/doctor.ts';
import { addLook } from './display-options.ts';
import type { Done, Invocation } from './invocation.ts';

export function addDoctor(program: Command, invocation: Invocation, done: Done): void {
  const command = program
    .command('doctor')
    .summary('look whether runs have what they need here, and say what to do')
    .description(
      'Looks whether runs have what they need here: bash, the database and what may be done in it, the programs that the pipeline names, memory, disks, the terminal, proxies, locks left by runs that died. Each is ok, a warning or a problem, with what to do about it. Starts nothing.',
    )
    .argument('[PIPELINE]', 'pipeline file (without it: as for run; without any, what needs none)')
    .option('--json', 'for programs')
    .option('--log-dir <DIR>', 'where logs would go (default: logs/etl in the project)');
  addLook(command).action(async (pipeline: string | undefined, options: DoctorOptions) => {
    const { doctor } = await import('./commands/doctor.ts');
    done(await doctor(pipeline, options, invocation));
  });
}
