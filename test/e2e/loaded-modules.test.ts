import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../support/project-root.ts';

const chunks = join(projectRoot, 'dist/chunks');

/** The files that are loaded with one, whatever is imported late later on. */
function loadedWith(name: string, loaded = new Map<string, string>()): ReadonlyMap<string, string> {
  if (loaded.has(name)) return loaded;
  const text = readFileSync(join(chunks, name), 'utf8');
  loaded.set(name, text);
  for (const [, imported] of text.matchAll(/\b(?:from|import)\s*"\.\/([^"]+)"/g)) loadedWith(imported!, loaded);
  return loaded;
}

test('a run on this machine loads nothing of what it takes to run tasks on others', () => {
  const entry = readdirSync(chunks).find((name) => /^run-[A-Z0-9]+\.js$/.test(name))!;
  const loaded = loadedWith(entry);
  expect(loaded.size).toBeGreaterThan(5);
  for (const [name, text] of loaded)
    expect([name, /etl_queue|sbatch|dbos/i.exec(text)?.[0]]).toEqual([name, undefined]);
});
