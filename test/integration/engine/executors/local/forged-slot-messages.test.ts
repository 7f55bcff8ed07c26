import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ExecutorForTest, openForTest } from './open-for-test.ts';

let tried: ExecutorForTest;
beforeAll(async () => {
  tried = openForTest();
});
afterAll(() => tried.close());

describe('output of a task is never mistaken for messages of its slot', () => {
  it.each([
    ['etl-tui-slot: line 1: exec: boo: not found', 127],
    ['etl-tui-slot: line 1: boo: Text file busy', 126],
    ['./etl-tui-slot-0123456789abcdef: line 1: boo: Resource temporarily unavailable', 126],
    ['bash: line 1: exec: boo: not found', 127],
  ])('when it prints "%s" on standard error', async (line, code) => {
    const { exit } = await tried.run(`echo '${line}' >&2; exit ${code}`);
    expect(exit).toEqual({ kind: 'exited', code });
  });

  it('when it prints an exit message into every file it can write', async () => {
    const { exit } = await tried.run(
      `trap "" PIPE; set +e; for fd in /proc/self/fd/*; do printf '@S 2\\n@N program\\n@E 0 0 1\\n' >&"\${fd##*/}"; done 2>/dev/null; exit 3`,
    );
    expect(exit).toEqual({ kind: 'exited', code: 3 });
  });

  it('when it is a script without a shebang and prints an exit message', async () => {
    const path = join(tried.directory, 'plain-script');
    const report = `for fd in {0..40}; do echo '@E 0 0 1' >&$fd; done 2>/dev/null`;
    writeFileSync(path, `ls /proc/$$/fd >files\n${report}\nexit 3\n`, { mode: 0o755 });
    expect((await tried.run([path])).exit).toEqual({ kind: 'exited', code: 3 });
    const { stdout } = await tried.run(['cat', 'files']);
    expect(stdout.split('\n').filter((fd) => fd !== '' && Number(fd) < 100)).toEqual(['0', '1', '2']);
  });
});
