/**
 * How programs write a secret: as it is, line by line, and escaped or encoded as a whole. Where only some characters are
 * escaped, the first of them are what counts here; see `compileSecrets`.
 */
export function writtenForms(secret: string): readonly string[] {
  const text = Buffer.from(secret, 'utf8').toString('utf8');
  const hex = Buffer.from(secret, 'utf8').toString('hex');
  const forms = [
    secret,
    ...secret.split(/\r?\n/).map((line) => line.trim()),
    ...inUrls(text),
    ...inJson(secret),
    ...inShell(secret),
    ...inHtml(secret),
    secret.replaceAll("'", "''"),
    secret.replaceAll('"', '""'),
    hex,
    hex.toUpperCase(),
    ...inBase64(secret),
  ];
  return [...new Set(forms)];
}

/** A lone surrogate would make the encoder throw, so `text` is without. Libraries do not agree which characters they encode. */
function inUrls(text: string): readonly string[] {
  const encoded = encodeURIComponent(text);
  const strict = encoded.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  const urls = [encoded, strict, strict.replaceAll('%20', '+'), strict.replaceAll('%2F', '/'), encodeURI(text)];
  return [...urls, ...urls.map((url) => url.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()))];
}

function inJson(secret: string): readonly string[] {
  const plain = JSON.stringify(secret).slice(1, -1);
  const ascii = plain.replace(/[\x7f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return [plain, ascii, ascii.replaceAll('/', '\\/')];
}

/** In single quotes in two ways, in double quotes, as `printf %q` does it, and as `ls` does it in the plain C locale. */
function inShell(secret: string): readonly string[] {
  return [
    secret.replaceAll("'", "'\\''"),
    secret.replaceAll("'", `'"'"'`),
    secret.replace(/["$`\\]/g, '\\$&'),
    secret.replace(/[^\w@%+=:,./\x80-\uffff-]/g, '\\$&'),
    secret.replace(/[\x80-\uffff]+/g, (run) => `'$'${octal(run)}''`),
  ];
}

function octal(text: string): string {
  return [...Buffer.from(text, 'utf8')].map((byte) => `\\${byte.toString(8)}`).join('');
}

function inHtml(secret: string): readonly string[] {
  const text = secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quoted = text.replaceAll('"', '&quot;');
  return [text, ...['&#39;', '&#x27;', '&apos;'].map((quote) => quoted.replaceAll("'", quote))];
}

/** For each of the three alignments, the base64 characters that do not depend on the bytes around the secret. */
function inBase64(secret: string): readonly string[] {
  const bytes = Buffer.from(secret, 'utf8');
  return [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const whole = padded.subarray(0, padded.length - (padded.length % 3));
    const text = whole.toString('base64').slice(before === 0 ? 0 : before + 1);
    return [text, text.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
