import { type Report, reportError } from '../report-error.ts';
import type { YamlEntry, YamlMap, YamlNode } from '../yaml/yaml-node.ts';

/** Words that teams use for the keys of a request. */
const synonyms: Readonly<Record<string, string>> = {
  handoff: 'type',
  trigger: 'type',
  kind: 'type',
  request_id: 'id',
  requested_by: 'from',
  requester: 'from',
  sender: 'from',
  recipient: 'to',
  receiver: 'to',
  urgency: 'priority',
  prio: 'priority',
  created: 'created_at',
  requested_at: 'created_at',
  timestamp: 'created_at',
  due: 'deadline',
  due_by: 'deadline',
  needed_by: 'deadline',
  scopes: 'scope',
  tasks: 'scope',
  levels: 'scope',
  datasets: 'scope',
  max_age: 'freshness',
  completeness_required: 'completeness',
  validation: 'validate',
  validation_required: 'validate',
  checks: 'validate',
  deliverables: 'expected_deliverables',
  reason: 'note',
  purpose: 'note',
  summary: 'note',
  description: 'note',
  message: 'note',
};

/** Mappings into which keys of a request may be grouped; with a text, some of them are a note. */
const groups: ReadonlySet<string> = new Set([
  'handoff',
  'request',
  'context',
  'details',
  'payload',
  'requirements',
  'data_requirements',
  'scope',
]);
const notes: ReadonlySet<string> = new Set(['request', 'context', 'details']);

/**
 * The request with the keys of its groups at the top, and each key under its usual name. What the pipeline declares itself
 * (`own`) keeps its name; `season` is taken for `seasons`.
 */
export function canonicalRequest(root: YamlMap, own: ReadonlySet<string>, report: Report): YamlMap {
  const found = new Map<string, YamlEntry>();
  let complete = root.complete;
  const add = (entry: YamlEntry) => {
    const key = canonicalKey(entry, own);
    const first = found.get(key);
    if (first === undefined) found.set(key, { ...entry, key });
    else {
      const message = `"${entry.key}" repeats an earlier key`;
      const related = [{ message: 'the first one is here', at: first.at }];
      reportError(report, { code: 'spec/duplicate-key', at: entry.at, message, hint: 'keep one of them', related });
    }
  };
  const visit = (map: YamlMap) => {
    complete &&= map.complete;
    for (const entry of map.entries) {
      const members = groups.has(plain(entry.key)) ? membersOf(entry.value) : undefined;
      if (members === undefined) add(entry);
      else for (const member of members) visit(member);
    }
  };
  visit(root);
  return { ...root, entries: [...found.values()], complete };
}

/** The mappings of a group; undefined when the value is none. */
function membersOf(value: YamlNode): readonly YamlMap[] | undefined {
  if (value.kind === 'map') return [value];
  if (value.kind !== 'list' || value.items.length === 0) return undefined;
  const maps = value.items.filter((item) => item.kind === 'map');
  return maps.length === value.items.length ? maps : undefined;
}

function canonicalKey({ key, value }: YamlEntry, own: ReadonlySet<string>): string {
  const word = plain(key);
  if (own.has(word)) return word;
  if (own.has(`${word}s`)) return `${word}s`;
  if (notes.has(word) && value.kind === 'scalar') return 'note';
  return synonyms[word] ?? (knownKeys.has(word) ? word : key);
}

const knownKeys: ReadonlySet<string> = new Set([...Object.values(synonyms), 'if_late']);

/** `Expected deliverables` and `expected-deliverables` are `expected_deliverables`. */
function plain(key: string): string {
  return key
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}
