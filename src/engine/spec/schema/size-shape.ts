import { reportType, reportValue, type Shape, textSchema } from './shape.ts';

const unitBytes = { B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30, TB: 2 ** 40 } as const;
const forms = 'a size such as 512MB or 2GB';
const maxBytes = 1024 * unitBytes.TB;

/** A size in bytes: `512MB`, `2GB`; 1 KB is 1,024 bytes. */
export function size(rule: { readonly zero: boolean }): Shape<number> {
  const nonZero = rule.zero ? '' : '(?=.*[1-9])';
  return {
    schema: textSchema(new RegExp(`^${nonZero}\\d+(\\.\\d+)?(B|KB|MB|GB|TB)$`), forms, '512MB', '2GB'),
    read: (node, label, report) => {
      if (node.kind !== 'scalar') return reportType(report, node, label, forms);
      const bytes = parseSize(node.text);
      if (bytes === undefined) return reportType(report, node, label, forms, hintFor(node.text));
      if (bytes === 0 && !rule.zero) return reportValue(report, node, `${label} is zero`, `it takes ${forms}`);
      if (bytes > maxBytes) return reportValue(report, node, `${label} is more than 1024TB`, `it takes ${forms}`);
      return bytes;
    },
  };
}

/** A size in the program's own source, in bytes. */
export function sizeBytes(written: `${number}${keyof typeof unitBytes}`): number {
  return parseSize(written)!;
}

/** Bytes of `512MB` or `2GB`; undefined for any other text. */
export function parseSize(written: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(B|KB|MB|GB|TB)$/.exec(written);
  return match === null ? undefined : Math.round(Number(match[1]) * unitBytes[match[2] as keyof typeof unitBytes]);
}

function hintFor(written: string): string | undefined {
  if (/^\d+$/.test(written)) return `write ${written}B, ${written}MB or ${written}GB`;
  const match = /^(\d+(?:\.\d+)?) ?([kmgt])i?b?$/i.exec(written);
  return match === null ? undefined : `write ${match[1]}${match[2]!.toUpperCase()}B`;
}
