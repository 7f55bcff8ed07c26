import { displayText } from '../../model/text/display-text.ts';

/** Words of documents by which programs tell them apart; a secret may be one of them. */
const fixedWords: ReadonlySet<string> = new Set(
  'pipeline_task_failed data_check_failed performance_degradation features_dataset_updated high normal low'.split(' '),
);
const moment = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/**
 * `value` with every text in it masked and made safe to show. Moments, and what is exactly one of `names`, stay whole,
 * because programs look them up. Keys are those of documents, and names of tasks and measured values.
 */
export function maskDocument<Value>(value: Value, names: ReadonlySet<string>, mask: (text: string) => string): Value {
  const clean = (one: unknown): unknown => {
    if (typeof one === 'string') return isWhole(one, names) ? one : displayText(mask(one));
    if (Array.isArray(one)) return one.map(clean);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, item]) => [key, clean(item)]));
  };
  return clean(value) as Value;
}

function isWhole(text: string, names: ReadonlySet<string>): boolean {
  return names.has(text) || fixedWords.has(text) || moment.test(text);
}
