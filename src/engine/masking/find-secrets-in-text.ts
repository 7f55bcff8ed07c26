import { isSecretName } from './find-secrets.ts';

/** A secret in the text of a pipeline file; offsets, `end` exclusive. */
export type SecretInText = { readonly name: string; readonly start: number; readonly end: number };

type Line = { readonly start: number; readonly text: string };

const key = /(?:^|[\s,{[-])(["']?)([A-Za-z_][A-Za-z0-9_]*)\1[ \t]*:(?=[ \t]|$)[ \t]*/g;
const anyKey = /^\s*(?:-\s+)*(["']?)([\w.-]+)\1\s*:(?:\s|$)/;
/** A parameter, or a task with a name like that of a secret. */
const mappingOfKnownKeys = /^\{.*\b(?:default|pattern|description|type|choices|timezone|command)["']?\s*:/;
const reference = /^["']?\$\{(?:env|param):[A-Za-z_]\w*\}["']?$/;
/** In a command, or behind the question mark of an address; not one that only refers to a variable. */
const assignment = /(?<![\w$])([A-Za-z_][\w-]*)=((?!["']?\$)(?:"[^"]*"|'[^']*'|[^\s"'&;|)\]},]+))/g;
const passwordInAddress = /\/\/[^\s/?#@:"']*:([^\s/?#@"']+)@/g;

/**
 * Finds in the text of a pipeline file: the values of secret variables and parameters, values that commands and URLs
 * assign to secret names, and passwords in URLs. It works line by line, because a file with syntax errors has no other
 * structure, and rather finds too much than too little.
 * @param declared the names under `secrets`; of a text that consists of several files, those of all
 */
export function findSecretsInText(
  text: string,
  declared: ReadonlySet<string> = declaredSecrets(text),
): readonly SecretInText[] {
  const lines = linesOf(text);
  const found: SecretInText[] = [];
  const add = (name: string, start: number, end: number) => {
    if (end > start && !reference.test(text.slice(start, end))) found.push({ name, start, end });
  };
  lines.forEach((line, index) => {
    const brace = line.text.indexOf('{');
    key.lastIndex = 0;
    for (let pair = key.exec(line.text); pair !== null; pair = key.exec(line.text)) {
      const [, , name = ''] = pair;
      const from = key.lastIndex;
      const rest = line.text.slice(from);
      if (!isSecretName(name, declared) && !isWebhookAddress(name, rest)) continue;
      if (mappingOfKnownKeys.test(rest)) {
        addDefault(line, from, (start, end) => add(name, start, end));
        continue;
      }
      const isBlock = /^(?:[|>][-+0-9]*\s*)?(?:#.*)?$/.test(rest);
      const end = isBlock ? from : endOfValue(line.text, from, brace !== -1 && brace < from);
      add(name, line.start + from, line.start + end);
      key.lastIndex = end;
      if (isBlock || !/[,}\]]/.test(line.text.slice(end)))
        addBelow(lines, index, (start, stop) => add(name, start, stop));
    }
    for (const { 1: name = '', 2: value = '', index: at } of line.text.matchAll(assignment)) {
      const start = line.start + at + name.length + 1;
      if (isSecretName(name.replaceAll('-', '_'), declared)) add(name, start, start + value.length);
    }
    for (const match of line.text.matchAll(passwordInAddress)) {
      const start = line.start + match.index + match[0].length - 1 - match[1]!.length;
      add('', start, start + match[1]!.length);
    }
  });
  return found;
}

/** A mistake, which must not be shown: the file takes the name of a variable there. */
function isWebhookAddress(name: string, value: string): boolean {
  return name === 'webhook' && /^["']?[a-z][a-z0-9+.-]*:\/\//i.test(value);
}

/** The text with one star for each character of its secrets, so that everything else keeps its column. */
export function hideSecretsInText(text: string, secrets: readonly SecretInText[] = findSecretsInText(text)): string {
  const characters = text.split('');
  for (const { start, end } of secrets) {
    for (let at = start; at < end; at += 1) if (characters[at] !== '\n') characters[at] = '*';
  }
  return characters.join('');
}

/** The names under `secrets`, as far as the text allows. */
export function declaredSecrets(text: string): ReadonlySet<string> {
  const list =
    /^secrets[ \t]*:[ \t]*\[([^\]]*)\]/m.exec(text) ??
    /^secrets[ \t]*:[^\n]*\n((?:[ \t]*-[^\n]*(?:\n|$))*)/m.exec(text);
  return new Set(list?.[1]?.match(/[A-Za-z_][A-Za-z0-9_]*/g));
}

function linesOf(text: string): readonly Line[] {
  let start = 0;
  return text.split('\n').map((line) => {
    const at = start;
    start += line.length + 1;
    return { start: at, text: line.replace(/\r$/, '') };
  });
}

/** A parameter has its value under `default`. */
function addDefault({ start, text }: Line, from: number, add: (start: number, end: number) => void): void {
  const found = /["']?default["']?\s*:\s*/.exec(text.slice(from));
  if (found === null) return;
  const at = from + found.index + found[0].length;
  add(start + at, start + endOfValue(text, at, true));
}

/** Everything indented below a key belongs to its value, except the keys of a parameter. */
function addBelow(lines: readonly Line[], index: number, add: (start: number, end: number) => void): void {
  const indent = indentOf(lines[index]!.text);
  for (let below = index + 1; below < lines.length; below += 1) {
    const line = lines[below]!;
    if (line.text.trim() === '') continue;
    if (indentOf(line.text) <= indent) return;
    const named = anyKey.exec(line.text);
    if (named === null) add(line.start + indentOf(line.text), line.start + line.text.length);
    else if (named[2] === 'default') addDefault(line, 0, add);
  }
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}

function endOfValue(text: string, from: number, inFlow: boolean): number {
  const quote = text[from];
  if (quote === '"' || quote === "'") {
    const closing = quote === '"' ? /"(?:[^"\\]|\\.)*"/y : /'(?:[^']|'')*'/y;
    closing.lastIndex = from;
    return closing.test(text) ? closing.lastIndex : text.length;
  }
  const rest = text.slice(from);
  if (rest.startsWith('{') || rest.startsWith('[')) return text.length;
  const end = rest.search(inFlow ? /[,}\]]|\s#/ : /\s#/);
  return from + (end === -1 ? rest : rest.slice(0, end)).trimEnd().length;
}
