import { Argument, Command, Option } from 'commander';
import manifest from '../../package.json' with { type: 'json' };
import type { CapacityOptions } from './commands/capacity.ts';
import type { CheckOptions } from './commands/check.ts';
import type { PlanOptions } from './commands/plan.ts';
import type { ReportOptions } from './commands/report.ts';
import type { RunOptions } from './commands/run.ts';
import type { SchemaOf } from './commands/schema.ts';
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
import { addWorker } from './worker-command.ts';

const defaultPipeline = 'etl/config/pipeline_dag.yaml or pipeline.yaml, here or in a directory above';

/** The commands and their options. Each command's code is loaded when it is called, so that `--help` takes no time. */
export function createProgram(invocation: Invocation, done: Done): Command {
  const program = new Command('etl-tui')
    .description('Runs ETL pipelines as a dependency graph, in parallel where it is safe.')
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
  addWorker(program, invocation, done);
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
      .summary('run a pipeline; the word "run" is optional')
      .description(
        'Runs a pipeline: checks its preconditions (pre-flight), runs the tasks, checks the data, evaluates SLAs and regressions (analysis), and sends notifications.',
      )
      .argument('[PIPELINE]', `pipeline file (default: ${defaultPipeline})`)
      .option('--ci', 'print a log instead of the screen (default when there is no terminal)')
      .option('--no-tui', 'the same as --ci'),
    invocation,
  )
    .option('--resume [RUN]', 'resume a run that failed, was interrupted or was cancelled (default: the latest run)')
    .option('--new', 'start a new run without offering to resume the latest one')
    .option(
      '--wait [DURATION]',
      'if another run of the pipeline is running, wait until it ends, at most this long, such as 30m or 2h',
    )
    .addOption(
      new Option(
        '--executor <EXECUTOR>',
        'where tasks run: "local": on this machine; "queue": on the workers that share the queue of ETL_TUI_QUEUE; "slurm": as jobs of Slurm',
      ).choices(['local', 'queue', 'slurm']),
    )
    .option('--watch', 'after the run, wait for changed inputs and run again what they make stale')
    .option('--dry-run', 'print what would run, without running it')
    .option('--no-preflight', 'do not check programs, memory, disks and connections before the run')
    .option('--no-checks', 'do not run the consistency checks')
    .option('--no-analysis', 'do not evaluate SLAs and regressions at the end')
    .option('--no-notify', 'do not write hand-offs and do not send notifications');
  addLook(addReports(command)).action(async (pipeline: string | undefined, options: RunOptions) => {
    const { run } = await import('./commands/run.ts');
    done(await run(pipeline, options, invocation));
  });
}

/** What is run of a pipeline, and how. */
function addChoice(command: Command, invocation: Invocation): Command {
  return command
    .option('--sequential', 'run one task at a time in dependency order; stop at the first failure')
    .option(
      '-j, --max-parallel <N>',
      'run at most N tasks at once; "auto": as many as the machine allows',
      parallelLimit,
    )
    .option('--only <TASKS>', 'run only these tasks or levels, separated by commas', collectNames)
    .option('--from <TASKS>', 'run these tasks or levels and everything downstream', collectNames)
    .option('--until <TASKS>', 'run these tasks or levels and everything upstream', collectNames)
    .option('--skip <TASKS>', 'skip these tasks or levels; their downstream runs', collectNames)
    .option(
      '--reuse',
      'reuse the results of tasks with inputs or outputs that have not changed since their last success',
    )
    .option('--no-reuse', 'run every task, even with "reuse: true"')
    .option('-p, --param <K=V>', paramHelp, collectParam(invocation.env));
}

function addPlan(program: Command, invocation: Invocation, done: Done): void {
  const command = addChoice(
    program
      .command('plan')
      .summary('predict how long a run takes and what would make it shorter')
      .description(
        'Predicts a run from earlier runs: its waves, its critical path, its duration with other limits, and what would make it shorter. Runs nothing.',
      )
      .argument('[PIPELINE]', `pipeline file (default: ${defaultPipeline})`),
    invocation,
  )
    .option('--no-checks', 'do not run the consistency checks')
    .option('--json', 'print JSON')
    .option('--log-dir <DIR>', 'the log directory (default: logs/etl in the project)');
  addLook(command).action(async (pipeline: string | undefined, options: PlanOptions) => {
    const { plan } = await import('./commands/plan.ts');
    done(await plan(pipeline, options, invocation));
  });
}

function addCapacity(program: Command, invocation: Invocation, done: Done): void {
  const command = program
    .command('capacity')
    .summary('show the free capacity of the machine and how many tasks could start')
    .description(
      'Shows the free capacity of the machine, its disks and the database, the limits of the pipeline, and how many tasks could start now. Runs nothing.',
    )
    .argument('[PIPELINE]', `pipeline file (default: ${defaultPipeline}; if there is none, the default limits)`)
    .option('--check', 'exit with code 3 if no task could start now')
    .option('--wait', 'wait until a task could start; exit with code 3 after --timeout')
    .option('--timeout <DURATION>', 'how long --wait waits, such as 30s, 10m or 2h', '10m')
    .option('--json', 'print JSON')
    .option('--log-dir <DIR>', 'the log directory (default: logs/etl in the project)');
  addLook(command).action(async (pipeline: string | undefined, options: CapacityOptions) => {
    const { capacity } = await import('./commands/capacity.ts');
    done(await capacity(pipeline, options, invocation));
  });
}

function addValidate(program: Command, invocation: Invocation, done: Done): void {
  const command = program
    .command('validate')
    .summary('check a pipeline file and list its errors')
    .description('Checks a pipeline file and lists all its errors at once. Runs nothing.')
    .argument('[PIPELINE]', `pipeline file (default: ${defaultPipeline})`)
    .addOption(new Option('--format <FORMAT>', 'output format').choices(['text', 'json']).default('text'));
  addLook(command).action(async (pipeline: string | undefined, options: ValidateOptions) => {
    const { validate } = await import('./commands/validate.ts');
    done(await validate(pipeline, options, invocation));
  });
}

function addWatch(program: Command, invocation: Invocation, done: Done): void {
  const command = addChoice(
    program
      .command('watch')
      .summary('validate a pipeline file on every save and show its plan')
      .description(
        'Lists the errors of a pipeline, or shows its plan and what has changed, now and whenever one of its files is saved. Runs nothing. Ctrl-C ends it.',
      )
      .argument('[PIPELINE]', `pipeline file (default: ${defaultPipeline})`),
    invocation,
  )
    .option('--no-checks', 'do not run the consistency checks')
    .option('--log-dir <DIR>', 'the log directory (default: logs/etl in the project)');
  addLook(command).action(async (pipeline: string | undefined, options: WatchOptions) => {
    const { watch } = await import('./commands/watch.ts');
    done(await watch(pipeline, options, invocation));
  });
}

function addSchema(program: Command, invocation: Invocation, done: Done): void {
  const command = program
    .command('schema')
    .summary('print the JSON Schema of pipeline files')
    .description(
      'Prints the JSON Schema of pipeline files, or of your own configuration, for completion and checks in editors.',
    )
    .addArgument(new Argument('[OF]', 'of which files').choices(['pipeline', 'config']).default('pipeline'));
  addLook(command).action(async (of: SchemaOf) => {
    const { schema } = await import('./commands/schema.ts');
    done(await schema(of, invocation));
  });
}

function addCheck(program: Command, invocation: Invocation, done: Done): void {
  const command = program
    .command('check')
    .summary('run only the consistency checks')
    .description('Runs the consistency checks of a pipeline, but no tasks.')
    .argument('[PIPELINE]', `pipeline file (default: ${defaultPipeline})`)
    .option('-p, --param <K=V>', paramHelp, collectParam(invocation.env))
    .option('--output <FILE>', 'also write the results to a file, as JSON')
    .option('--json', 'print JSON')
    .option('--log-dir <DIR>', 'the log directory (default: logs/etl in the project)');
  addLook(command).action(async (pipeline: string | undefined, options: CheckOptions) => {
    const { check } = await import('./commands/check.ts');
    done(await check(pipeline, options, invocation));
  });
}

function addReport(program: Command, invocation: Invocation, done: Done): void {
  const command = program
    .command('report')
    .summary('write an HTML report of a run')
    .description('Writes an HTML report of a run: one self-contained file to send, print or keep.')
    .argument('<RUN>', 'id of a run, the beginning of an id, or "latest"')
    .requiredOption('--html <FILE>', 'the file to write')
    .option('--log-dir <DIR>', 'the log directory (default: logs/etl in the project)');
  addLook(command).action(async (named: string, options: ReportOptions) => {
    const { report } = await import('./commands/report.ts');
    done(await report(named, options, invocation));
  });
}
