import type { YamlEntry, YamlNode } from './yaml-node.ts';

/** A text as it is written between brackets: in quotes where YAML would read something else, or end it too early. */
export function writeText(text: string): string {
  const isPlain =
    /^[\w./$~][^,[\]{}#:"'\n\\]*(?<=\S)$/.test(text) && !/^(?:true|false|null|~|[-+.\d]+(?:e\d+)?)$/i.test(text);
  if (isPlain) return text;
  return text.includes("'") || text.includes('\n') ? JSON.stringify(text) : `'${text}'`;
}

/** A node as it is written between brackets: `{ command: ./load, retries: 3 }`. What is missing or wrong is `…`. */
export function writeFlow(node: YamlNode): string {
  switch (node.kind) {
    case 'scalar':
      return node.plain ? node.text : writeText(node.text);
    case 'list':
      return `[${node.items.map(writeFlow).join(', ')}]`;
    case 'map':
      return writeEntries(node.entries);
    case 'empty':
    case 'broken':
      return '…';
  }
}

export function writeEntries(entries: readonly YamlEntry[]): string {
  return entries.length === 0
    ? '{}'
    : `{ ${entries.map(({ key, value }) => `${key}: ${writeFlow(value)}`).join(', ')} }`;
}
