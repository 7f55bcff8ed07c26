import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readScreenConfig } from '../../../../src/engine/index.ts';
import { screenVocabulary } from '../../../../src/ui/config/screen-vocabulary.ts';

const document = readFileSync('docs/configuration.md', 'utf8');

test('the example of the document is a configuration', () => {
  const [, example = ''] = /```yaml\n(.*?)```/s.exec(document) ?? [];
  const { config, diagnostics } = readScreenConfig(example, 'config.yaml', screenVocabulary);
  expect(diagnostics).toEqual([]);
  expect(config).toMatchObject({ theme: 'light', screen: { mouse: true, bell: false } });
  expect(config?.keys.get('next-failed')).toEqual(['e', 'Ctrl+N']);
  expect(config?.colours.get('failure')).toEqual([175, 0, 0]);
});

test('the document names every action with its usual keys, and where it has them', () => {
  const rows = document.split('\n').map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));
  const from = rows.findIndex(([first]) => first === 'action') + 2;
  const documented = rows
    .slice(
      from,
      rows.findIndex((row, at) => at > from && row.length < 3),
    )
    .map(([name = '', keys = '', where]) => [
      name.replaceAll('`', ''),
      keys
        .split(' ')
        .filter((key) => key.startsWith('`'))
        .map((key) => key.replaceAll('`', '')),
      where,
    ]);
  const rowsOfTable = screenVocabulary.actions.map(({ name, keys, places }) => [
    name,
    keys,
    places.length > 3 ? 'elsewhere than in the log' : places.join(', '),
  ]);
  expect(documented.sort(byName)).toEqual(rowsOfTable.sort(byName));
});

test('the document names every colour', () => {
  for (const [name, describes] of Object.entries(screenVocabulary.colours))
    expect(document).toContain(`| \`${name}\` | ${describes} |`);
});

test('every action has one name, and every name is for one action', () => {
  const names = screenVocabulary.actions.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
});

function byName([one]: readonly unknown[], [other]: readonly unknown[]): number {
  return String(one).localeCompare(String(other));
}
