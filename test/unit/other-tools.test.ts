import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../support/project-root.ts';

const directory = join(projectRoot, 'examples/from-other-tools');
const files = readdirSync(directory).filter((name) => name.endsWith('.yaml'));
const text = readFileSync(join(projectRoot, 'docs/coming-from-other-tools.md'), 'utf8');

/** A row of the table: the file of ours, and how many lines it is said to have. */
const rows = [...text.matchAll(/^\| \[[^\]]+\]\(\.\.\/examples\/from-other-tools\/([\w-]+\.yaml)\) \|.*$/gm)].map(
  ([row, file = '']) => ({ file, ours: Number(row.split('|')[4]) }),
);

/** Lines that are neither blank nor comments, of a pipeline and of the files that it includes. */
function linesOf(name: string): number {
  const source = readFileSync(join(directory, name), 'utf8');
  const [, included = ''] = /^include: \[(.*)\]$/m.exec(source) ?? [];
  const own = source.split('\n').filter((line) => !/^\s*(#|$)/.test(line)).length;
  return included.split(', ').reduce((sum, file) => (file === '' ? sum : sum + linesOf(file)), own);
}

test('docs/coming-from-other-tools.md lists each example once, with the lines that it has', () => {
  expect(rows).toEqual(rows.map(({ file }) => ({ file, ours: linesOf(file) })));
  expect(rows.map(({ file }) => file).sort()).toEqual([...files].sort());
});

test('docs/coming-from-other-tools.md has a dictionary for each tool of its table', () => {
  const tools = [...text.matchAll(/^\| \[([^\]]+)\]\(\.\.\/examples/gm)].map(([, tool]) => tool);
  const sections = [...text.matchAll(/^### (.+)$/gm)].map(([, title]) => title);
  expect(sections).toEqual(tools);
});
