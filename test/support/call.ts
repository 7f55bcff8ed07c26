import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../src/cli/run-program.ts';

type CallResult = { readonly code: number; readonly out: string; readonly err: string };

/** Calls the program inside of this process: for all that starts nothing. */
export async function callProgram(
  cwd: string,
  args: readonly string[],
  given: Readonly<Record<string, string>> = {},
): Promise<CallResult> {
  const written = { out: '', err: '' };
  const output = (name: keyof typeof written) => ({
    isTerminal: false,
    columns: undefined,
    write: (text: string) => {
      written[name] += text;
    },
    writeBytes: async (bytes: Uint8Array) => {
      written[name] += Buffer.from(bytes).toString();
      return true;
    },
    flush: async () => undefined,
    reader: () => new AbortController().signal,
  });
  const env = {
    ...process.env,
    DATABASE_URL: undefined,
    LANG: 'C.UTF-8',
    LC_ALL: undefined,
    FORCE_COLOR: '0',
    ...given,
  };
  const code = await runProgram(args, { cwd, env, out: output('out'), err: output('err') });
  return { code, ...written };
}

/** A directory with a pipeline file in it. */
export function createProject(pipeline: string, file = 'pipeline.yaml') {
  const directory = mkdtempSync(join(tmpdir(), 'etl-tui-cli-'));
  writeFileSync(join(directory, file), pipeline);
  return {
    directory,
    call: (args: readonly string[]) => callProgram(directory, args),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
