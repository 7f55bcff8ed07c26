import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maskOutput } from '../../../../../src/engine/executors/process/output/masked-output.ts';
import { compileSecrets } from '../../../../../src/engine/masking/compile-secrets.ts';
import { type ExecutorForTest, openForTest } from './open-for-test.ts';

let tried: ExecutorForTest;
beforeAll(async () => {
  tried = openForTest({ secrets: ['correct horse', 's3cr3t/pa+ss'] });
});
afterAll(() => tried.close());

describe('the output of a task', () => {
  it('is kept for both streams', async () => {
    const { stdout, stderr, output } = await tried.run('echo out; echo err >&2');
    expect([stdout, stderr]).toEqual(['out\n', 'err\n']);
    expect(['out\nerr\n', 'err\nout\n']).toContain(output);
  });

  it('arrives complete, although the task ends at once', async () => {
    for (let round = 0; round < 20; round++) {
      const { stdout, stderr } = await tried.run('printf %60000d 1; printf %60000d 2 >&2');
      expect([stdout.length, stderr.length]).toEqual([60_000, 60_000]);
    }
  });

  it('may be any bytes', async () => {
    const bytes = randomBytes(300_000);
    writeFileSync(join(tried.directory, 'anything'), bytes);
    expect((await tried.run(['cat', 'anything'])).bytes.equals(bytes)).toBe(true);
  });

  it('can be opened as /dev/stdout', async () => {
    const { stdout, stderr } = await tried.run(
      'echo one | tee /dev/stderr; echo two >/dev/stdout; echo three >>/dev/fd/2',
    );
    expect([stdout, stderr]).toEqual(['one\ntwo\n', 'one\nthree\n']);
  });

  it('is not mixed with that of the previous task in the same slot', async () => {
    await tried.run('echo before');
    expect((await tried.run('echo after')).stdout).toBe('after\n');
  });
});

it('of fifty megabytes on one line is passed on without being collected', async () => {
  const hash = createHash('sha256');
  let count = 0;
  let most = 0;
  const streaming = openForTest({ secrets: ['xxxxxxxy'] });
  const rssBefore = process.memoryUsage.rss();
  const { exit } = await streaming.run('head -c 50000000 /dev/zero | tr "\\0" x', {
    onOutput: (_, chunk) => {
      hash.update(chunk);
      count += chunk.length;
      most = Math.max(most, chunk.length, process.memoryUsage.rss() - rssBefore);
    },
  });
  await streaming.close();
  expect(exit).toEqual({ kind: 'exited', code: 0 });
  expect(count).toBe(50_000_000);
  expect(hash.digest('hex')).toBe(createHash('sha256').update('x'.repeat(50_000_000)).digest('hex'));
  expect(most).toBeLessThan(60_000_000);
});

describe('a secret is masked', () => {
  it('in the output, wherever it is cut into chunks', async () => {
    const { stdout, stderr, output } = await tried.run(
      'printf "a correct "; sleep 0.1; printf "hors"; sleep 0.1; echo e b; echo s3cr3t%2Fpa%2Bss >&2',
    );
    expect([stdout, stderr]).toEqual(['a *** b\n', '***\n']);
    expect(output).not.toContain('horse');
  });

  it('in the output, with colour sequences inside it', async () => {
    const { stdout, output } = await tried.run("printf 'a correct \\033[1;31mhorse\\033[m b\\n'");
    expect(stdout).toBe('a ***\x1b[m\x1b[m b\n');
    expect(output).toBe(stdout);
  });

  it('when one stream has its beginning and the other its end', () => {
    let seen = '';
    const output = maskOutput(compileSecrets(['correct horse']), (_, bytes) => {
      seen += Buffer.from(bytes).toString();
    });
    output.write('stdout', Buffer.from('cc'));
    output.write('stderr', Buffer.from('orrect \x1b[31mhorse, said stderr'));
    output.write('stdout', Buffer.from('orrect horse'));
    output.end();
    expect(seen).toBe('c***, said stderr***');
  });

  it('in a report of the task', async () => {
    const { reports } = await tried.run(`echo '{"message":"${'-'.repeat(995)}correct horse"}' >"$ETL_TASK_REPORT"`);
    expect(reports).toEqual([{ message: `${'-'.repeat(995)}***` }]);
  });

  it('in a report of the task, with colour sequences inside it', async () => {
    const { reports } = await tried.run(`echo '{"message":"a correct \\u001b[31mhorse"}' >"$ETL_TASK_REPORT"`);
    expect(reports).toEqual([{ message: 'a ***\x1b[m' }]);
  });

  it('in the reason why the program did not start', async () => {
    const { exit } = await tried.run(['correct horse']);
    expect(exit).toMatchObject({ message: expect.stringMatching(/^command not found: \*\*\*;/) });
  });

  it('in the command line of the slot', async () => {
    const { stdout } = await tried.run('tr "\\0" " " </proc/$PPID/cmdline | grep -c "$PART" || true', {
      env: { VALUE: 'only-in-the-environment', PART: 'only-in-the' },
    });
    expect(stdout).toBe('0\n');
  });
});
