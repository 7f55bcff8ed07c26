import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { commandLine, packageDirectory, pipelineSchema } from '../../engine/index.ts';
import type { Template } from './templates.ts';

/** What the files of a template are to say of the project in which they are written. */
export type ProjectFacts = {
  /** A name that a pipeline may have. */
  readonly name: string;
  /** Absolute. */
  readonly directory: string;
  /** Where Node.js is, absolute: schedulers start with nearly no PATH. */
  readonly nodeDirectory: string;
  /** Of etl-tui. */
  readonly version: string;
};

/** The files of a project that is begun with the template: paths relative to it, with their texts. */
export function templateFiles(template: Template, facts: ProjectFacts): ReadonlyMap<string, string> {
  const root = packageDirectory();
  const schedule = readFileSync(join(root, 'templates/schedule.md'), 'utf8');
  const files = new Map<string, string>();
  if (template.pipeline !== undefined) files.set('pipeline.yaml', readFileSync(join(root, template.pipeline), 'utf8'));
  for (const part of ['common', template.name]) {
    for (const [path, text] of filesBelow(join(root, 'templates', part))) files.set(path, text);
  }
  files.set('pipeline.schema.json', `${JSON.stringify(pipelineSchema(), null, 1)}\n`);
  return new Map(
    [...files].map(([path, text]) => [
      path,
      fillIn(
        text.replace('<!-- schedule -->\n', () => schedule),
        facts,
      ),
    ]),
  );
}

function filesBelow(directory: string): readonly (readonly [path: string, text: string])[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => [placeOf(relative(directory, path)), readFileSync(path, 'utf8')] as const);
}

/** npm leaves files of this name out of a package. */
function placeOf(path: string): string {
  return path === 'gitignore' ? '.gitignore' : path;
}

/** The files hold words that stand for the facts, so that each of them is right as it is. */
function fillIn(text: string, { name, directory, nodeDirectory, version }: ProjectFacts): string {
  return (
    text
      .replaceAll('$schema=../pipeline.schema.json', '$schema=pipeline.schema.json')
      .replaceAll('my-pipeline', name)
      .replaceAll('etl-tui@latest', `etl-tui@${version}`)
      .replaceAll('WorkingDirectory=/path/to/project', () => `WorkingDirectory=${directory.replaceAll('%', '%%')}`)
      // cron takes a bare % for the end of the command.
      .replaceAll('cd /path/to/project', () => `cd ${commandLine(directory).replaceAll('%', '\\%')}`)
      .replaceAll('/path/to/node', () => nodeDirectory)
  );
}
