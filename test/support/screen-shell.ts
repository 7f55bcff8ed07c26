import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The shell that a terminal is opened with, and what it notes about the program it runs. */
export type ScreenShell = {
  /** Arguments of `sh`. */
  readonly argv: readonly string[];
  note(of: 'pid' | 'code' | 'modes'): string | undefined;
  remove(): void;
};

export function createScreenShell(file: string, args: readonly string[]): ScreenShell {
  const directory = mkdtempSync(join(tmpdir(), 'etl-tui-screen-'));
  return {
    argv: ['-c', script, 'sh', directory, file, ...args],
    note: (of) => {
      const path = join(directory, of);
      return existsSync(path) ? readFileSync(path, 'utf8').trim() || undefined : undefined;
    },
    remove: () => rmSync(directory, { recursive: true, force: true, maxRetries: 10 }),
  };
}

// It outlives the program, whose end would otherwise hang up the terminal, and notes
// what the program leaves behind.
const script = `
trap : HUP INT QUIT TERM
sh -c 'echo $$ >"$0/pid"; exec "$@"' "$@"
code=$?
stty -a >"$1/modes"
echo $code >"$1/code.part"
mv "$1/code.part" "$1/code"
exit $code`;
