import { displayText } from '../../model/text/display-text.ts';

/**
 * The first field of the first line that is not empty, as programs print tables without a header: fields end at a tab, or
 * where the line has none at `|`, or else at a comma. A field in double quotes goes to the closing one (`""` stands for
 * one of them). Undefined when nothing was printed.
 */
export function firstCell(output: string): { readonly cell: string; readonly line: string } | undefined {
  const written = output.split(/\r?\n/u).find((text) => text.trim() !== '');
  if (written === undefined) return undefined;
  const line = safe(written);
  const quoted = /^\s*"((?:[^"]|"")*)"\s*(?:[\t|,]|$)/u.exec(written)?.[1];
  if (quoted !== undefined) return { cell: safe(quoted.replaceAll('""', '"')), line };
  const separator = ['\t', '|', ','].find((one) => written.includes(one));
  return { cell: separator === undefined ? line : safe(written.slice(0, written.indexOf(separator))), line };
}

function safe(text: string): string {
  return displayText(text).trim();
}
