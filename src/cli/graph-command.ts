import { type Command, Option } from 'commander';
import type { GraphOptions } from './commands/graph.ts';
import { addLook } from './display-options.ts';
import type { Done, Invocation } from './invocation.ts';
import { collectNames, collectParam, paramHelp } from './option-values.ts';

/** The command that draws a pipeline. */
export function addGraph(program: Command, invocation: Invocation, done: Done, defaultPipeline: string): void {
  const command = program
    .command('graph')
    .summary('draw the dependency graph')
    .description(
      'Draws the tasks of a pipeline and their dependencies in the terminal, or prints them for Mermaid, Graphviz and programs. Runs nothing.',
    )
    .argument('[PIPELINE]', `pipeline file (default: ${defaultPipeline})`)
    .addOption(
      new Option('--format <FORMAT>', 'output format').choices(['text', 'mermaid', 'dot', 'json']).default('text'),
    )
    .option(
      '--run <RUN>',
      'draw this run with the states of its tasks: id of a run, the beginning of an id, or "latest"',
    )
    .option('--only <TASKS>', 'draw only these tasks or levels, separated by commas', collectNames)
    .option('--from <TASKS>', 'draw these tasks or levels and everything downstream', collectNames)
    .option('--until <TASKS>', 'draw these tasks or levels and everything upstream', collectNames)
    .option('-p, --param <K=V>', paramHelp, collectParam(invocation.env))
    .option('--log-dir <DIR>', 'the log directory (default: logs/etl in the project)');
  addLook(command).action(async (pipeline: string | undefined, options: GraphOptions) => {
    const { graph } = await import('./commands/graph.ts');
    done(await graph(pipeline, options, invocation));
  });
}
