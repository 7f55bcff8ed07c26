import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../support/project-root.ts';

const documents = execFileSync('git', ['ls-files', '*.md'], { cwd: projectRoot, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && file !== 'CHANGELOG.md');

/** Paths of the repository in backquotes: they begin with one of its folders, and hold no placeholder. */
const path = /`((?:src|etl|test|bench|docs|scripts)\/[\w./-]+)`/g;
const link = /\]\(([^)\s]+)\)/g;
const isElsewhere = (target: string) => /^(https?|mailto):/.test(target);

const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8');
const withoutCode = (text: string) => text.replaceAll(/^```.*?^```$/gms, '').replaceAll(/`[^`\n]+`/g, 'code');

/** The anchors of the headings of a page, as GitHub makes them. */
function anchorsOf(file: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  const headings = read(file)
    .replaceAll(/^```.*?^```$/gms, '')
    .matchAll(/^#{1,6} +(.+?)\s*$/gm);
  for (const [, heading = ''] of headings) {
    const words = heading.replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = words.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-');
    let free = anchor;
    for (let copy = 1; anchors.has(free); copy += 1) free = `${anchor}-${copy}`;
    anchors.add(free);
  }
  return anchors;
}

it.each(documents)('every path that %s names exists', (file) => {
  const named = [...read(file).matchAll(path)].map(([, target]) => target!);
  expect(named.filter((target) => !existsSync(join(projectRoot, target)))).toEqual([]);
});

it.each(documents)('every link of %s leads to a file, and to a heading of it', (file) => {
  const links = [...withoutCode(read(file)).matchAll(link)].map(([, target = '']) => target);
  const broken = links.filter((target) => {
    if (isElsewhere(target)) return false;
    const [place = '', anchor] = target.split('#');
    const page = place === '' ? file : relative(projectRoot, join(projectRoot, dirname(file), place));
    if (!existsSync(join(projectRoot, page))) return true;
    return anchor !== undefined && page.endsWith('.md') && !anchorsOf(page).has(anchor);
  });
  expect(broken).toEqual([]);
});
