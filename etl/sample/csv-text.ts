export type CsvRow = Readonly<Record<string, string | number | undefined>>;

/** The text of a CSV file; the keys of the first row are the header. */
export function csvText(rows: readonly CsvRow[]): string {
  const lines = [Object.keys(rows[0] ?? {}).join(','), ...rows.map((row) => Object.values(row).map(csvCell).join(','))];
  return `${lines.join('\n')}\n`;
}

/** A cell: empty for an unknown value, quoted where the text needs it. */
export function csvCell(value: string | number | undefined): string {
  const text = value === undefined ? '' : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
