/** Rows as they are read, without styles, one below the other. */
export function plain(rows: string | readonly string[]): string {
  return (typeof rows === 'string' ? rows : rows.join('\n')).replace(sgr, '');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: styles are made of them
const sgr = /\x1b\[[\d;]*m/g;
