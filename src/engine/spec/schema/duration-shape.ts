import { numberOf, reportType, reportValue, type Shape, textSchema } from './shape.ts';

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const dayMs = 24 * unitMs.h;
const yearMs = 366 * dayMs;

/**
 * A duration in milliseconds: `500ms`, `30s`, `10m`, `2h`, or a bare number of seconds; with `days` also `30d`, for how long
 * something is kept.
 */
export function duration(rule: { readonly zero: boolean; readonly days?: true }): Shape<number> {
  const forms = rule.days ? 'a duration such as 12h or 30d' : 'a duration such as 500ms, 30s, 10m or 2h';
  const units = rule.days ? 'ms|s|m|h|d' : 'ms|s|m|h';
  const parse = rule.days ? parseAge : parseDuration;
  const [maxMs, longest] = rule.days ? [100 * yearMs, 'a century'] : [yearMs, 'a year'];
  const nonZero = rule.zero ? '' : '(?=.*[1-9])';
  const bound = rule.zero ? { minimum: 0 } : { exclusiveMinimum: 0 };
  return {
    schema: {
      anyOf: [
        { type: 'number', ...bound, maximum: maxMs / unitMs.s },
        textSchema(
          new RegExp(`^${nonZero}\\d+(\\.\\d+)?(${units})$`),
          forms,
          ...(rule.days ? ['12h', '30d'] : ['30s', '10m']),
        ),
      ],
    },
    read: (node, label, report) => {
      if (node.kind !== 'scalar') return reportType(report, node, label, forms);
      const seconds = numberOf(node);
      const ms = seconds === undefined ? parse(node.text) : Math.round(seconds * unitMs.s);
      if (ms === undefined) return reportType(report, node, label, forms, hintFor(node.text, rule.days));
      if (ms < 0) return reportValue(report, node, `${label} is negative`, `it takes ${forms}`);
      if (ms === 0 && !rule.zero) return reportValue(report, node, `${label} is zero`, `it takes ${forms}`);
      if (ms > maxMs)
        return reportValue(report, node, `${label} is longer than ${longest}`, 'a bare number is seconds');
      return ms;
    },
  };
}

/** A duration in the program's own source, in milliseconds. */
export function durationMs(written: `${number}${keyof typeof unitMs}`): number {
  return parseDuration(written)!;
}

/** Milliseconds of `500ms`, `30s`, `10m` or `2h`; undefined for any other text. */
export function parseDuration(written: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(written);
  if (match === null) return undefined;
  return Math.round(Number(match[1]) * unitMs[match[2] as keyof typeof unitMs]);
}

/** The same, and `30d`. */
export function parseAge(written: string): number | undefined {
  const days = /^(\d+(?:\.\d+)?)d$/.exec(written);
  return days === null ? parseDuration(written) : Math.round(Number(days[1]) * dayMs);
}

function hintFor(written: string, knowsDays?: true): string | undefined {
  const words = /^(\d+(?:\.\d+)?) ?(ms|msecs?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?)$/i.exec(
    written,
  );
  if (words !== null) {
    const unit = words[2]!.toLowerCase();
    return `write ${words[1]}${unit.startsWith('ms') || unit.startsWith('milli') ? 'ms' : unit.charAt(0)}`;
  }
  const days = /^(\d+) ?d(?:ays?)?$/i.exec(written);
  if (days !== null) return knowsDays ? `write ${days[1]}d` : `write ${Number(days[1]) * 24}h`;
  const mixed = /^(\d+)h(\d+)m?$/i.exec(written);
  if (mixed !== null) return `write ${Number(mixed[1]) * 60 + Number(mixed[2])}m`;
  return undefined;
}
