import { type Command, Option } from 'commander';
import type { GraphOptions } from './commands/graph.ts';
import { addLook } from './display-options.ts';
import type { Done, Invocation } from './invocation.ts';
import { collectNames, collectParam, paramHelp } from './option-values.ts';

/** The command that draws a pipeline. */
export function addGraph(program: Command, invocation: Invocation, done: Done, defaultPipeline: string): void {
  const command = program
    .command('graph')
    .summary('draw what waits for what')
    .description(
      'Draws the tasks of a pipeline and what they wait for: in the terminal, or for Mermaid, Graphviz and programs. Starts nothing.',
    )
    .argument('[PIPELINE]', `pipeline file (without it: ${defaultPipeline})`)
    .addOption(
      new Option('--format <FORMAT>', 'form of the drawing')
        .choices(['text', 'mermaid', 'dot', 'json'])
        .default('text'),
    )
    .option('--run <RUN>', 'draw this run with the states of its tasks: its id, the beginning of one, or "latest"')
    .option('--only <TASKS>', 'only these tasks or levels, separated by commas', collectNames)
    .option('--from <TASKS>', 'these and everything downstream', collectNames)
    .option('--until <TASKS>', 'these and everything upstream', collectNames)
    .option('-p, --param <K=V>', paramHelp, collectParam(invocation.env))
    .option('--log-dir <DIR>', 'where the logs are (default: logs/etl in the project)');
  addLook(command).action(async (pipeline: string | undefined, options: GraphOptions) => {
    const { graph } = await import('./commands/graph.ts');
    done(await graph(pipeline, options, invocation));
  });
}
