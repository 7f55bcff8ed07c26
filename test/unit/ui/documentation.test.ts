import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { helpOf } from '../../../src/ui/keys/key-binding.ts';
import { keyTable } from '../../../src/ui/keys/key-table.ts';
import { legend } from '../../../src/ui/panes/help/legend.ts';
import { panes } from '../../../src/ui/panes/registry.ts';
import { createTheme } from '../../../src/ui/theme.ts';
import { projectRoot } from '../../support/project-root.ts';

const page = join(projectRoot, 'docs/screen.md');
const text = readFileSync(page, 'utf8');

function keyTables(): string {
  const sections = [...new Set(keyTable.map(({ section }) => section))];
  return sections
    .map((section) => {
      const rows = keyTable.filter((binding) => binding.section === section).map(rowOf);
      return `### ${section}\n\n| key | what it does | where |\n|---|---|---|\n${rows.join('\n')}`;
    })
    .join('\n\n');
}

function rowOf({ shown, help, panes: own = [], only }: (typeof keyTable)[number]): string {
  const where = [...own, ...(only === undefined ? [] : [only === 'live' ? 'not in a replay' : 'in a replay'])];
  return `| \`${shown}\` | ${helpOf(help)} | ${where.join(', ')} |`;
}

function signTables(): string {
  const [unicode, ascii] = [true, false].map((is) => legend(createTheme({ colour: true, unicode: is })));
  return unicode!
    .map(({ heading, signs }, section) => {
      const others = ascii![section]!.signs;
      const isWord = heading === 'Severities';
      const rows = signs.map(({ sign, meaning }, at) =>
        isWord ? `| ${sign} | ${meaning} |` : `| \`${sign}\` | \`${others[at]!.sign}\` | ${meaning} |`,
      );
      const head = isWord ? '| severity | meaning |\n|---|---|' : '| sign | ASCII | meaning |\n|---|---|---|';
      return `### ${heading}\n\n${head}\n${rows.join('\n')}`;
    })
    .join('\n\n');
}

function withTable(of: string, name: string, table: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [before, rest] = of.split(begin) as [string, string];
  return `${before}${begin}\n${table}\n${end}${rest.split(end)[1]}`;
}

test('docs/screen.md lists every key and every sign (vitest --update writes them anew)', async () => {
  const expected = withTable(withTable(text, 'keys', keyTables()), 'signs', signTables());
  await expect(expected).toMatchFileSnapshot(page);
});

test('docs/screen.md lists every pane with the key that opens it', () => {
  const rows = [...text.matchAll(/^\| `(.)` \| (\w+) \|/gm)].map(([, key, id]) => ({ key, id }));
  for (const { id, digit } of panes) {
    const row = rows.find((one) => one.id === id);
    expect(row, id).toBeDefined();
    if (digit !== undefined) expect(row?.key).toBe(String(digit));
    else expect(keyTable.some(({ keys }) => keys.includes(row!.key!))).toBe(true);
  }
});
