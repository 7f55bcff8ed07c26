import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { secretForms } from '../canary.ts';
import type { Ending } from './ending-problems.ts';

/** The places in which a secret stands, in any of the shapes in which programs print one. */
export function leakedCanaries(of: {
  readonly directory: string;
  readonly logDir: string;
  readonly ended: Ending;
  readonly canaries: readonly string[];
  readonly sources: readonly string[];
}): readonly string[] {
  const { directory, logDir, ended, canaries, sources } = of;
  if (canaries.length === 0) return [];
  const sinks = new Map<string, string>([
    ['standard output', ended.out],
    ['standard error', ended.err],
  ]);
  for (const path of [directory, logDir].filter((root) => existsSync(root)).flatMap(filesBelow)) {
    const name = relative(directory, path);
    if (!sources.includes(name)) sinks.set(name, `${name}\n${readFileSync(path, 'latin1')}`);
  }
  const problems: string[] = [];
  for (const [sink, text] of sinks) {
    const joined = text.replaceAll(/\r?\n/g, '');
    for (const canary of canaries) {
      const shape = shapesOf(canary).find((one) => text.includes(one) || joined.includes(one));
      if (shape !== undefined) problems.push(`${sink} holds a secret, as "${shape}"`);
    }
  }
  return problems;
}

/** As the tests of masking have programs write it, and as what is found of it within longer words. */
function shapesOf(canary: string): readonly string[] {
  const bytes = Buffer.from(canary);
  const base64 = [0, 1, 2].map((at) =>
    bytes
      .subarray((3 - at) % 3)
      .toString('base64')
      .slice(0, -4),
  );
  const shapes = [
    ...secretForms(canary).map(({ secret }) => secret),
    bytes.toString('latin1'),
    encodeURIComponent(canary),
    ...base64.filter((text) => text.length >= 8),
  ];
  return [...new Set(shapes)];
}

/** Without the database, whose files hold what tasks load. */
function filesBelow(root: string): readonly string[] {
  return (readdirSync(root, { recursive: true }) as string[])
    .filter((name) => !name.startsWith(join('.etl-tui', 'db') + sep))
    .map((name) => join(root, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}
