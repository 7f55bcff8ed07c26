import { medianOf } from '../../../model/median.ts';
import { type CheckKind, countOf, type DefinitionOf, formatCount, measuredCount } from './check-kind.ts';
import { rowsName, rowsOf } from './row-filter.ts';

/** With fewer past runs there is nothing usual yet. */
const minPastRuns = 3;

type RowCount = DefinitionOf<'row_count'>;

export const rowCount: CheckKind<'row_count'> = {
  filtered: ({ table }) => [table],
  sql: ({ table, where }) => `SELECT count(*) AS row_count FROM ${rowsOf(table, where)} AS part`,
  evaluate: (definition, row, { past }) => {
    const { table, min, max, within, where } = definition;
    const rows = countOf(row, 'row_count');
    const usual = within === undefined ? undefined : compare(Number(rows), past, within);
    const findings = [...boundFindings(rows, definition), ...(usual === undefined ? [] : [usual])];
    const wrong = findings.filter(({ passed }) => !passed);
    const told = wrong.length > 0 ? wrong : findings;
    const measured = {
      rows: measuredCount(rows),
      ...(min === undefined ? {} : { min }),
      ...(max === undefined ? {} : { max }),
      ...(usual === undefined ? {} : { median: usual.median, past_runs: past.length }),
    };
    const summary = `${rowsName(table, where)} has ${formatCount(rows)} ${rows === 1n ? 'row' : 'rows'}, ${told.map(({ text }) => text).join(', ')}`;
    return { passed: wrong.length === 0, summary, measured, value: Number(rows) };
  },
};

type Finding = { readonly passed: boolean; readonly text: string };

function boundFindings(rows: bigint, { min, max }: RowCount): readonly Finding[] {
  const number = (bound: number) => formatCount(BigInt(bound));
  return [
    ...(min === undefined
      ? []
      : [
          rows < BigInt(min)
            ? { passed: false, text: `fewer than ${number(min)}` }
            : { passed: true, text: `at least ${number(min)}` },
        ]),
    ...(max === undefined
      ? []
      : [
          rows > BigInt(max)
            ? { passed: false, text: `more than ${number(max)}` }
            : { passed: true, text: `at most ${number(max)}` },
        ]),
  ];
}

function compare(rows: number, past: readonly number[], within: number): Finding & { readonly median: number | null } {
  const median = medianOf(past);
  if (median === undefined || past.length < minPastRuns) {
    const known = past.length === 0 ? 'none' : String(past.length);
    const text = `not compared with past runs: this needs ${minPastRuns} runs with the same parameters, and there ${past.length === 1 ? 'is' : 'are'} ${known}`;
    return { passed: true, text, median: median ?? null };
  }
  const usual = `the median of ${past.length} past runs`;
  const expected = `${median.toLocaleString('en-US')}, ${usual}`;
  if (Math.abs(rows - median) <= within * median) {
    return { passed: true, text: `within ${percent(within)} of ${expected}`, median };
  }
  const away =
    median === 0 ? 'more' : `${percent(Math.abs(rows - median) / median)} ${rows < median ? 'fewer' : 'more'}`;
  return { passed: false, text: `${away} than ${expected} (${percent(within)} is allowed)`, median };
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
