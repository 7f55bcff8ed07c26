import { Command, Option } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import type { CapacityOptions } from './commands/capacity.ts';
import type { CheckOptions } from './commands/check.ts';
import type { PlanOptions } from './commands/plan.ts';
import type { ReportOptions } from './commands/report.ts';
import type { RunOptions } from './commands/run.ts';
import type { ValidateOptions } from './commands/validate.ts';
import type { WatchOptions } from './commands/watch.ts';
import { addCompletion } from './completion-command.ts';
import { addDb } from './db-commands.ts';
import { addLook, addReports } from './display-options.ts';
import { addDoctor } from './doctor-command.ts';
import { exitCodeTable } from './exit-code.ts';
import { addGraph } from './graph-command.ts';
import { addHandoffs } from './handoff-commands.ts';
import { addInit } from './init-command.ts';
import type { Done, Invocation } from './invocation.ts';
import { collectNames, collectParam, parallelLimit, paramHelp } from './option-values.ts';
import { addRequest } from './request-command.ts';
import { addStoredRuns } from './stored-run-commands.ts';
import { addVerify } from './verify-command.ts';

const defaultPipeline = 'etl/config/pipeline_dag.yaml or pipeline.yaml, here or in a directory above';

/** The commands and their options. Each command's code is loaded when it is called, so that `--help` takes no time. */
export function createProgram(invocation: Invocation, done: Done): Command {
  const program = new Command('etl-tui')
    .description('Runs ETL pipelines as a dependency graph, as parallel as is safe.')
    .usage('[run] [PIPELINE] [options]\n       etl-tui COMMAND [options]')
    .version(manifest.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [COMMAND]', 'print help for a command')
    .configureHelp({ showGlobalOptions: false })
    .exitOverride()
    .configureOutput({
      writeOut: invocation.out.write,
      writeErr: invocation.err.write,
      // The caller prints mistakes like all others.
      outputError: () => {},
      getOutHelpWidth: () => Math.min(110, invocation.out.columns ?? 100),
      getErrHelpWidth: () => Math.min(110, invocation.err.columns ?? 100),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText('afterAll', `\n${exitCodeTable()}`);
  addRun(program, invocation, done);
  addInit(program, invocation, done);
  addPlan(program, invocation, done);
  addGraph(program, invocation, done, defaultPipeline);
  addCapacity(program, invocation, done);
  addDoctor(program, invocation, done);
  addValidate(program, invocation, done);
  addWatch(program, invocation, done);
  addSchema(program, invocation, done);
  addCheck(program, invocation, done);
  addVerify(program, invocation, done);
  addStoredRuns(program, invocation, done);
  addReport(program, invocation, done);
  addHandoffs(program, invocation, done);
  addRequest(program, invocation, done);
  addDb(program, invocation, done);
  addCompletion(program, invocation, done);
  return program;
}

function addRun(program: Command, invocation: Invocation, done: Done): void {
  const command = addChoice(
    program
      .command('run', { isDefault: true })
      .summary('run a pipeline; the word "run" may be left out')
      .description(
        'Runs a pipeline: looks whether the run has what it needs (pre-flight), executes the tasks, checks the data, judges SLAs and regressions (analysis), and notifies.',
      )
      .argument('[PIPELINE]', `pipeline file (without it: ${defaultPipeline})`)
      .option('--ci', 'a log instead of a screen, as always when there is no terminal')
      .option('--no-tui', 'the same as --ci'),
    invocation,
  )
    .option(
      '--resume [RUN]',
      'carry on with a run that was interrupted, failed or was cancelled: the latest, or the one that is named',
    )
    .option('--new', 'a new run, without asking whether the latest, which failed or was interrupted, is to be resumed')
    .option(
      '--wait [DURATION]',
      'when another run of the pipeline is under way, wait until it has ended; at most so long, such as 30m or 2h',
    )
    .option('--dry-run', 'print what would run, and start nothing')
    .option('--no-preflight', 'leave the look at programs, memory, disks and connections out')
    .option('--no-checks', 'leave the consistency checks out')
    .option('--no-analysis', 'judge neither SLAs nor regressions at the end')
    .option('--no-notify', 'write no hand-offs and send no notifications');
  addLook(addReports(command)).action(async (pipeline: string | undefined, options: RunOptions) => {
    const { run } = await import('./commands/run.ts');
    done(await run(pipeline, options, invocation));
  });
}

/** What is run of a pipeline, and how. */
function addChoice(command: Command, invocation: Invocation): Command {
  return command
    .option('--sequential', 'one task at a time in dependency order, stop at the first failure')
    .option('-j, --max-parallel <N>', 'at most N tasks at once; "auto": as many as the machine bears', parallelLimit)
    .option('--only <TASKS>', 'only these tasks or levels, separated by commas', collectNames)
    .option('--from <TASKS>', 'these and everything downstream', collectNames)
    .option('--until <TASKS>', 'these and everything upstream', collectNames)
    .option('--skip <TASKS>', 'leave these out; what waits for them goes on', collectNames)
    .option('--reuse', 'leave out what declares inputs or outputs and has not changed since its last success')
    .option('--no-reuse', 'leave nothing out, not even what says "reuse: true"')
    .option('-p, --param <K=V>', paramHelp, collectParam(invocation.env));
}

function addPlan(program: Command, invocation: Invocation, done: Done): void {
  const command = addChoice(
    program
      .command('plan')
      .summary('predict how long a run would take, and what would make it shorter')
      .description(
        'Predicts a run from earlier ones: its waves, its critical path, how long it would take with other limits, and what would make it shorter. Starts nothing.',
      )
      .argument('[PIPELINE]', `pipeline file (without it: ${defaultPipeline})`),
    invocation,
  )
    .option('--no-checks', 'leave the consistency checks out')
    .option('--json', 'for programs')
    .option('--log-dir <DIR>', 'where the records of earlier runs are (default: logs/etl in the project)');
  addLook(command).action(async (pipeline: string | undefined, options: PlanOptions) => {
    const { plan } = await import('./commands/plan.ts');
    done(await plan(pipeline, options, invocation));
  });
}

function addCapacity(program: Command, invocation: Invocation, done: Done): void {
  const command = program
    .command('capacity')
    .summary('show what the machine has left, and how many tasks could start')
    .description(
      'Shows what the machine, its disks and the database have left beside the limits of a pipeline, and how many tasks could start now. Starts nothing.',
    )
    .argument('[PIPELINE]', `pipeline file (without it: ${defaultPipeline}; without any, the usual limits)`)
    .option('--check', 'exit with 3 when no task could start now')
    .option('--wait', 'wait until a task could start; exit with 3 when that takes too long')
    .option('--timeout <DURATION>', 'how long to wait, such as 30s, 10m or 2h', '10m')
    .option('--json', 'for programs')
    .option('--log-dir <DIR>', 'where logs would go (default: logs/etl in the project)');
  addLook(command).action(async (pipeline: string | undefined, options: CapacityOptions) => {
    const { capacity } = await import('./commands/capacity.ts');
    done(await capacity(pipeline, options, invocation));
  });
}

function addValidate(program: Command, invocation: Invocation, done: Done): void {
  const command = program
    .command('validate')
    .summary('name every mistake in a pipeline file')
    .description('Reads a pipeline file and names every mistake in it at once. Starts nothing.')
    .argument('[PIPELINE]', `pipeline file (without it: ${defaultPipeline})`)
    .addOption(new Option('--format <FORMAT>', 'form of the result').choices(['text', 'json']).default('text'));
  addLook(command).action(async (pipeline: string | undefined, options: ValidateOptions) => {
    const { validate } = await import('./commands/validate.ts');
    done(await validate(pipeline, options, invocation));
  });
}

function addWatch(program: Command, invocation: Invocation, done: Done): void {
  const command = addChoice(
    program
      .command('watch')
      .summary('validate a pipeline file on every save, and show its plan')
      .description(
        'Names the mistakes of a pipeline, or shows its plan and what has changed in it, now and whenever one of its files is saved. Starts nothing. Ctrl-C ends it.',
      )
      .argument('[PIPELINE]', `pipeline file (without it: ${defaultPipeline})`),
    invocation,
  )
    .option('--no-checks', 'leave the consistency checks out')
    .option('--log-dir <DIR>', 'where the records of earlier runs are (default: logs/etl in the project)');
  addLook(command).action(async (pipeline: string | undefined, options: WatchOptions) => {
    const { watch } = await import('./commands/watch.ts');
    done(await watch(pipeline, options, invocation));
  });
}

function addSchema(program: Command, invocation: Invocation, done: Done): void {
  const command = program
    .command('schema')
    .summary('print the JSON Schema of pipeline files')
    .description('Prints the JSON Schema of pipeline files, with which editors complete and check them.');
  addLook(command).action(async () => {
    const { schema } = await import('./commands/schema.ts');
    done(schema(invocation));
  });
}

function addCheck(program: Command, invocation: Invocation, done: Done): void {
  const command = program
    .command('check')
    .summary('run the consistency checks only')
    .description('Runs the consistency checks of a pipeline, and no task.')
    .argument('[PIPELINE]', `pipeline file (without it: ${defaultPipeline})`)
    .option('-p, --param <K=V>', paramHelp, collectParam(invocation.env))
    .option('--output <FILE>', 'write the results as JSON into a file as well')
    .option('--json', 'for programs')
    .option('--log-dir <DIR>', 'where the records of earlier runs are (default: logs/etl in the project)');
  addLook(command).action(async (pipeline: string | undefined, options: CheckOptions) => {
    const { check } = await import('./commands/check.ts');
    done(await check(pipeline, options, invocation));
  });
}

function addReport(program: Command, invocation: Invocation, done: Done): void {
  const command = program
    .command('report')
    .summary('write a page that tells how a run went')
    .description('Writes one HTML page that tells how a run went, complete in itself: to be sent, printed or kept.')
    .argument('<RUN>', 'the id of a run, the beginning of one, or "latest"')
    .requiredOption('--html <FILE>', 'where to write it')
    .option('--log-dir <DIR>', 'where the logs are (default: logs/etl in the project)');
  addLook(command).action(async (named: string, options: ReportOptions) => {
    const { report } = await import('./commands/report.ts');
    done(await report(named, options, invocation));
  });
}
