/** A step of a page that can be followed: a file that is written, or a command with what it prints. */
export type Step =
  | { readonly kind: 'write' | 'append'; readonly file: string; readonly text: string }
  | { readonly kind: 'command'; readonly command: string; readonly output: string; readonly exitCode: number };

/**
 * What a page of Markdown tells its reader to do, in order. A block with `file=NAME` or `append=NAME` behind its language is
 * the text of a file; in a `console` block each line that begins with `$ ` is a command, and what follows it is what it
 * prints. `exit=N` is the exit code of the last command of its block.
 */
export function stepsOf(markdown: string): readonly Step[] {
  return [...markdown.matchAll(/^```(\w+)([^\n]*)\n(.*?)^```$/gms)].flatMap(([, language, rest = '', text = '']) => {
    const [, kind, file] = /\b(file|append)=(\S+)/.exec(rest) ?? [];
    if (file !== undefined) return [{ kind: kind === 'file' ? ('write' as const) : ('append' as const), file, text }];
    return language === 'console' ? commandsOf(text, Number(/\bexit=(\d+)/.exec(rest)?.[1] ?? 0)) : [];
  });
}

function commandsOf(text: string, exitCode: number): readonly Step[] {
  const parts = text.split(/^\$ /m).slice(1);
  return parts.map((part, index) => {
    const end = part.indexOf('\n');
    return {
      kind: 'command',
      command: part.slice(0, end),
      output: part.slice(end + 1),
      exitCode: index === parts.length - 1 ? exitCode : 0,
    };
  });
}

/**
 * Matches what a command prints as a page shows it: a line `…` stands for any lines, and run ids, moments, durations and the
 * number of spaces between words may differ.
 */
export function printed(output: string): RegExp {
  const lines = leveled(output).split('\n');
  const pattern = lines.map((line) => (line === '…' ? '(?:.*\n)*?' : `${escaped(line)}\n`)).join('');
  return new RegExp(`^${pattern}$`);
}

/** A text without what differs from run to run, and without empty lines at its end. */
export function leveled(text: string): string {
  return text
    .trimEnd()
    .replaceAll(/\d{8}_\d{6}_\w{4}/g, 'RUN')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)? UTC/g, 'MOMENT')
    .replaceAll(/^\d\d:\d\d(?= )/gm, 'TIME')
    .replaceAll(/\b(\d+h)?(\d+m)?\d+(\.\d)?s\b/g, 'DURATION')
    .replaceAll(/ +$/gm, '')
    .replaceAll(/ {2,}/g, ' ');
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
