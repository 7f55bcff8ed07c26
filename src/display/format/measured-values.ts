import { formatNumber } from './format-count.ts';
import { formatDuration } from './format-duration.ts';

const maxItems = 10;

/** The values that a check measured, each with its name in words: `duplicate keys`, `1,204`. */
export function measuredValues(
  measured: Readonly<Record<string, unknown>>,
): readonly (readonly [name: string, value: string])[] {
  return Object.entries(measured).flatMap(([name, value]) => {
    const isTime = name.endsWith('_ms') && typeof value === 'number';
    const text = isTime ? formatDuration(value) : valueText(value);
    return text === undefined ? [] : [[name.replace(/_ms$/, '').replaceAll('_', ' '), text] as const];
  });
}

/** Undefined when there is nothing to tell; results are files, which may be of another version. */
function valueText(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? formatNumber(value) : String(value);
  if (Array.isArray(value)) {
    const items = value.slice(0, maxItems).map(String);
    return items.length === 0 ? undefined : [...items, ...(value.length > maxItems ? ['…'] : [])].join(', ');
  }
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : undefined;
}
