import { statSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import manifest from '../../../package.json' with { type: 'json' };
import { formatCount } from '../../display/format/format-count.ts';
import { commandLine, type Diagnostic, displayText, usualPlaces, writeError } from '../../engine/index.ts';
import { showDiagnostics } from '../diagnostics/show-diagnostics.ts';
import { exitCodes } from '../exit-code.ts';
import { templateFiles } from '../init/template-files.ts';
import { templates } from '../init/templates.ts';
import { pathsInTheWay, writeProject } from '../init/write-project.ts';
import type { DisplayOptions, Invocation } from '../invocation.ts';

export type InitOptions = DisplayOptions & { readonly template: string; readonly keep?: boolean };

/** Writes the files of a template into a directory, and says how to go on. Never replaces a file. */
export function init(given: string | undefined, options: InitOptions, invocation: Invocation): number {
  const { cwd, env, out } = invocation;
  const directory = resolve(cwd, given ?? '.');
  const obstacle = given === '' ? noName : obstacleAt(directory, given ?? '.');
  if (obstacle !== undefined) return showDiagnostics([obstacle], options, invocation);
  const template = templates.find(({ name }) => name === options.template)!;
  const files = templateFiles(template, {
    name: nameOf(directory),
    directory,
    nodeDirectory: dirname(process.execPath),
    version: manifest.version,
  });
  const paths = new Set([...files.keys(), ...usualPlaces]);
  const there = new Set(pathsInTheWay(directory, paths));
  const pipelines = usualPlaces.filter((place) => there.has(place));
  const inTheWay = options.keep === true ? pipelines : [...there];
  if (inTheWay.length > 0) return showDiagnostics([refusal(inTheWay, pipelines.length > 0)], options, invocation);
  const written = new Map([...files].filter(([path]) => !there.has(path)));
  const done = writeProject(directory, written);
  if (!done.ok) return showDiagnostics([done.error], options, invocation);
  out.write(`${report([...written.keys()], [...there], relative(cwd, directory), env)}\n`);
  return exitCodes.success;
}

/** What a pipeline may be called, nearest to the name of its directory. */
function nameOf(directory: string): string {
  const name = basename(directory)
    .replace(/[^\w.-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|-+$/g, '')
    .slice(0, 100);
  return name === '' ? 'pipeline' : name;
}

const noName: Diagnostic = {
  code: 'usage/bad-argument',
  severity: 'error',
  message: 'the name of the directory is empty',
  hint: 'name it, or leave it out for the working directory: etl-tui init',
};

/** Why nothing can be written there: a file of that name, or a path that this user may not, or nobody can, go along. */
function obstacleAt(directory: string, given: string): Diagnostic | undefined {
  try {
    return statSync(directory).isDirectory() ? undefined : noDirectory(given);
  } catch (error) {
    // With `throwIfNoEntry: false`, Node.js 22 also says nothing of a file where a directory has to be.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : writeError(directory, error, elsewhere);
  }
}

function noDirectory(given: string): Diagnostic {
  return {
    code: 'usage/in-the-way',
    severity: 'error',
    message: `nothing was written: "${displayText(given)}" is not a directory`,
    hint: elsewhere,
  };
}

const elsewhere = 'give another directory: etl-tui init DIR';

function refusal(paths: readonly string[], hasPipeline: boolean): Diagnostic {
  return {
    code: 'usage/in-the-way',
    severity: 'error',
    message: `nothing was written: ${paths.length === 1 ? 'this is' : 'these are'} already there: ${paths.map(displayText).join(', ')}`,
    hint: hasPipeline ? elsewhere : `${elsewhere}; or keep these files and write the others: etl-tui init --keep`,
  };
}

function report(
  written: readonly string[],
  kept: readonly string[],
  directory: string,
  env: Invocation['env'],
): string {
  const place = directory === '' ? '' : ` in ${displayText(directory)}`;
  const program = env['npm_command'] === 'exec' ? 'npx etl-tui' : 'etl-tui';
  const enter = directory === '' ? [] : [[`cd ${displayText(commandLine(directory))}`, ''] as const];
  const calls = [
    ...enter,
    [program, 'runs it'] as const,
    [`${program} validate`, 'lists all errors after a change'] as const,
  ];
  const width = Math.max(...calls.map(([call]) => call.length));
  return [
    `wrote ${formatCount(written.length, 'file')}${place}: ${written.map(displayText).join(', ')}`,
    ...(kept.length === 0 ? [] : [`kept: ${kept.map(displayText).join(', ')}`]),
    '',
    ...calls.map(([call, meaning]) => `  ${call.padEnd(width)}  ${meaning}`.trimEnd()),
    '',
    'README.md explains the files and how to run the pipeline in CI and on a schedule.',
  ].join('\n');
}
