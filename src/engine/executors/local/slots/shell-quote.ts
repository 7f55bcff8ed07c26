const plain = /^[A-Za-z0-9_@%+=:,./-]+$/;

/** A word that bash reads back as exactly `text`, on one line and in ASCII whatever `text` holds (NUL excepted). */
export function shellQuote(text: string): string {
  if (plain.test(text)) return text;
  let quoted = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const bare = byte >= 0x20 && byte < 0x7f && byte !== 0x27 && byte !== 0x5c;
    quoted += bare ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `$'${quoted}'`;
}
