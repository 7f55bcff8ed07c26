/** A call of the program that a document shows: `etl-tui show latest`. */
export type DocumentedCall = {
  readonly line: number;
  readonly args: readonly string[];
  /** In running text a command may be named without what it needs: "`etl-tui show` tells it". */
  readonly isInText: boolean;
};

/**
 * The calls of the program in a page of Markdown: in blocks of code, of `console` blocks in the lines that begin with `$ `,
 * and between backquotes. What may be left out is left in: `[DIR]` is DIR.
 */
export function documentedCalls(markdown: string): readonly DocumentedCall[] {
  let fence: string | undefined;
  return markdown.split('\n').flatMap((text, index) => {
    const [, language] = /^\s*```(\w*)/.exec(text) ?? [];
    if (language !== undefined) {
      fence = fence === undefined ? language : undefined;
      return [];
    }
    const isInText = fence === undefined && !text.startsWith('    ');
    return codeOf(text, fence, isInText)
      .flatMap(callsOf)
      .map((args) => ({ line: index + 1, args, isInText }));
  });
}

function codeOf(line: string, fence: string | undefined, isInText: boolean): readonly string[] {
  if (isInText) return [...line.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
  if (fence === 'console' && !line.startsWith('$ ')) return [];
  return [line.replace(/(^|\s)#\s.*/, '')];
}

/** Where a command begins: at the beginning, behind another command, a key of YAML, or what starts programs. */
const call = /(?<=^|^\s+|[(:;&|$!] ?|\/bin\/env |npx |nohup |node )(?:etl-tui|dist\/cli\/main\.js)(?=$|[ )])/g;

function callsOf(code: string): readonly (readonly string[])[] {
  return [...code.matchAll(call)].map(({ 0: name, index }) => wordsOf(code.slice(index + name.length)));
}

/** The words up to the end of the command: a pipe, a comma, the end of what it is quoted in, or the gap before its meaning. */
function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  for (const [word] of text.replace(/(\S) {2,}.*/, '$1').matchAll(/'[^']*'|"[^"]*"|[^\s"']+|["']/g)) {
    const quoted = /^(['"])(.*)\1$/.exec(word)?.[2];
    if (quoted !== undefined) words.push(quoted);
    else if (/^(["'#&;)…}]|\\?\||\d?[<>])/.test(word)) break;
    else words.push(/^\w+\[/.test(word) ? word : word.replaceAll(/[[\];,)]/g, ''));
    if (quoted === undefined && /[;,)]$/.test(word)) break;
  }
  return words.filter((word) => word !== 'options');
}
