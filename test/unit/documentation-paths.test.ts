import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../support/project-root.ts';

const documents = execFileSync('git', ['ls-files', '*.md'], { cwd: projectRoot, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && file !== 'CHANGELOG.md');

/** Paths of the repository in backquotes: they begin with one of its folders, and hold no placeholder. */
const path = /`((?:src|etl|test|bench|docs|scripts)\/[\w./-]+)`/g;
const link = /\]\(([\w./-]+)(?:#[\w-]*)?\)/g;

it.each(documents)('every path that %s names exists', (file) => {
  const text = readFileSync(join(projectRoot, file), 'utf8');
  const named = [...text.matchAll(path)].map(([, target]) => join(projectRoot, target!));
  const linked = [...text.matchAll(link)].map(([, target]) => join(projectRoot, dirname(file), target!));
  expect([...named, ...linked].filter((target) => !existsSync(target))).toEqual([]);
});
