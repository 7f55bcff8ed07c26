/** A secret of which each character means something to some program, and is written in another way there. */
export const canary = `Kañary/Tok3n+"it's" <of>&the$run 100%`;

export type SecretForm = {
  readonly name: string;
  /** What a program prints. */
  readonly printed: string;
  /** What of it must not be seen. */
  readonly secret: string;
};

/** The secret as programs write it, made here in another way than where it is masked. */
export function secretForms(secret: string): readonly SecretForm[] {
  const bytes = Buffer.from(secret);
  const url = [...bytes].map((byte) =>
    /\w/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : percent(byte),
  );
  const json = JSON.stringify(secret).slice(1, -1);
  const base64 = (before: number) => Buffer.concat([Buffer.alloc(before, 'x'), bytes]).toString('base64');
  const forms = Object.entries({
    raw: secret,
    'percent-encoded': url.join(''),
    'percent-encoded in small letters': url.map((part) => (part.startsWith('%') ? part.toLowerCase() : part)).join(''),
    'percent-encoded as in a path': encodeURI(secret),
    'base64 from its start': base64(0),
    'base64 one byte later': base64(1),
    'base64 two bytes later': base64(2),
    base64url: base64(0).replaceAll('+', '-').replaceAll('/', '_'),
    hexadecimal: bytes.toString('hex'),
    'capital hexadecimal': bytes.toString('hex').toUpperCase(),
    JSON: json,
    'JSON in ASCII': json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
    'single quotes of a shell': secret.replaceAll("'", "'\\''"),
    'printf %q of bash': secret.replace(/[^\w/+%ñ]/g, '\\$&'),
    'quoted for SQL': secret.replaceAll("'", "''"),
    'quoted for CSV': secret.replaceAll('"', '""'),
    HTML: secret.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`),
  }).map(([name, text]) => ({ name, printed: text, secret: text }));
  // A number of bytes that base64 writes by themselves, so that the secret begins in the middle of a line.
  const padding = Buffer.alloc(48, '.').toString('base64');
  return [
    ...forms,
    { name: 'base64 in lines', printed: `${padding}${base64(0)}`.replace(/.{76}/g, '$&\n'), secret: base64(0) },
    { name: 'with colours', printed: `${secret.slice(0, 9)}\x1b[1;31m${secret.slice(9)}\x1b[m`, secret },
    { name: 'over several lines', printed: secret.replace(/.{10}/g, '$&\n'), secret },
    // The end of an output is shown in most places.
    { name: 'in a line of two million bytes', printed: `${'.'.repeat(2e6)}${secret}${'.'.repeat(300)}`, secret },
  ];
}

function percent(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** So many characters in a row are no coincidence. */
const telling = 8;

/** How many bytes of which forms of the secrets stand in a text, whole or in part. */
export function leaksIn(text: string, secrets: readonly string[]): Readonly<Record<string, number>> {
  const sought = new Map(secrets.flatMap((secret) => [...windowsOf(secret)]));
  const seen = visible(text);
  const leaks: Record<string, number> = {};
  for (let at = 0; at + telling <= seen.length; at += 1) {
    const form = sought.get(seen.slice(at, at + telling));
    if (form !== undefined) leaks[form] = (leaks[form] ?? telling - 1) + 1;
  }
  return leaks;
}

const known = new Map<string, ReadonlyMap<string, string>>();

/** All that would tell a part of a secret, with the form that it belongs to. */
function windowsOf(secret: string): ReadonlyMap<string, string> {
  const before = known.get(secret);
  if (before !== undefined) return before;
  const windows = new Map<string, string>();
  for (const form of secretForms(secret).toReversed()) {
    const text = visible(form.secret);
    for (let at = 0; at + telling <= text.length; at += 1) {
      const part = text.slice(at, at + telling);
      // Not where it is nothing but escapes, which other texts have as well.
      if (/[A-Za-z0-9]{3}/.test(part)) windows.set(part, form.name);
    }
  }
  known.set(secret, windows);
  return windows;
}

/** Without what nobody sees: colours, blanks and line breaks, also where JSON writes them; and without what only fills. */
function visible(text: string): string {
  return text
    .replaceAll('\x1b', '\\u001b')
    .replace(/\\u001b\[[0-9;]*m|\\n|\s/g, '')
    .replace(/\.{9,}/g, '.');
}
