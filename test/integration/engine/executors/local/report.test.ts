import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseReport } from '../../../../../src/engine/executors/process/output/parse-report.ts';
import { type ExecutorForTest, openForTest } from './open-for-test.ts';

let tried: ExecutorForTest;
beforeAll(async () => {
  tried = openForTest();
});
afterAll(() => tried.close());

const parse = (line: string) => parseReport(line, (text) => text).report;

describe('a line of a report file gives', () => {
  it.each([
    ['{"progress":0.4,"message":"week 7 of 18"}', { progress: 0.4, message: 'week 7 of 18' }],
    ['{"rows":49665,"rows_changed":12}', { rows: 49_665, rowsChanged: 12 }],
    ['{"retry_after_seconds":60}', { retryAfterSeconds: 60 }],
    ['{"quota_remaining":420}\r', { quotaRemaining: 420 }],
    ['{"progress":7}', { progress: 1 }],
    ['{"progress":-1,"rows":-1}', { progress: 0 }],
    ['{"progress":"0.4","rows":"many","message":5}', undefined],
    ['{"rows":1e999}', undefined],
    ['{"rows":1e300,"rows_changed":-5,"quota_remaining":1e16}', undefined],
    ['{"rows":12.0,"rows_changed":11.6}', { rows: 12, rowsChanged: 12 }],
    ['{"rows":"NaN","retry_after_seconds":"Infinity"}', undefined],
    ['{"rows":NaN}', undefined],
    ['{"progress":1e308,"retry_after_seconds":-1}', { progress: 1 }],
    ['{"retry_after_seconds":1e308}', { retryAfterSeconds: 1e10 }],
    ['{"unknown":1}', undefined],
    ['{"progress":0.', undefined],
    ['[1]', undefined],
    ['null', undefined],
    ['42', undefined],
    ['', undefined],
    ['progress: 4', undefined],
  ])('%s', (line, report) => {
    expect(parse(line)).toEqual(report);
  });

  it('at most 1,000 characters of message', () => {
    expect(parse(JSON.stringify({ message: 'x'.repeat(5_000) }))?.message).toHaveLength(1_000);
  });
});

describe('what a task writes into its report file', () => {
  it('is reported while the task runs', async () => {
    const { attempt, ended } = tried.start('echo \'{"progress":0.5}\' >>"$ETL_TASK_REPORT"; sleep 300', {
      onReport: () => attempt.terminate(0),
    });
    expect((await ended).reports).toEqual([{ progress: 0.5 }]);
  });

  it('is reported before the exit, although the last line has no line break', async () => {
    const { reports } = await tried.run(
      `printf '%s\\n' '{"progress":0.1}' garbage '{"rows":3}' '{"progress":0.9}' >>"$ETL_TASK_REPORT"
      printf '{"rows_changed":2}' >>"$ETL_TASK_REPORT"`,
    );
    expect(Object.assign({}, ...reports)).toEqual({ progress: 0.9, rows: 3, rowsChanged: 2 });
  });

  it('is told of once when it cannot be understood, at the end of the output', async () => {
    const { stderr, reports } = await tried.run(
      `printf '%s\\n' '{"rows":3}' 'rows: 4' '{"row":5}' >>"$ETL_TASK_REPORT"; printf 'half a line' >&2`,
    );
    expect(reports.at(-1)).toEqual({ rows: 3 });
    const why = 'it is not a JSON object: rows: 4';
    expect(stderr).toBe(`half a line\netl-tui: a line of ETL_TASK_REPORT was ignored: ${why}\n`);
  });

  it.each([
    ['{"row":5}', 'unknown key "row", did you mean "rows"?'],
    ['{"colour":5}', 'unknown key "colour": {"colour":5}'],
    ['{"rows":"5"}', '"rows" must be a whole number'],
    ['{"progress":"half"}', '"progress" must be a number from 0 to 1'],
    ['[1]', 'it is not a JSON object'],
  ])('is told of with what is wrong: %s', async (line, why) => {
    const { stderr } = await tried.run(`echo '${line}' >"$ETL_TASK_REPORT"`);
    expect(stderr).toContain(why);
  });

  it.each(['{"rows":5}', '{"rows":12.0,"message":""}', '', '   '])(
    'is not told of when it is right: %j',
    async (line) => {
      const { stderr } = await tried.run(`echo '${line}' >"$ETL_TASK_REPORT"`);
      expect(stderr).toBe('');
    },
  );

  it('is reported although a line is written in pieces', async () => {
    const { reports } = await tried.run(
      `printf '{"rows":1}\n{"message":"žlu' >>"$ETL_TASK_REPORT"; until [ -e heard ]; do sleep 0.02; done
      printf 'ťoučký"}\n' >>"$ETL_TASK_REPORT"`,
      { onReport: () => writeFileSync(join(tried.directory, 'heard'), '') },
    );
    expect(reports).toEqual([{ rows: 1 }, { message: 'žluťoučký' }]);
  });

  it('is read from the start when the task truncates the file', async () => {
    const { reports } = await tried.run(
      `echo '{"message":"a long first line"}' >"$ETL_TASK_REPORT"; until [ -e heard-too ]; do sleep 0.02; done
      echo '{"rows":1}' >"$ETL_TASK_REPORT"`,
      { onReport: () => writeFileSync(join(tried.directory, 'heard-too'), '') },
    );
    expect(reports).toEqual([{ message: 'a long first line' }, { rows: 1 }]);
  });

  it.each([
    ['binary garbage', 'head -c 3000000 /dev/urandom >"$ETL_TASK_REPORT"'],
    ['one endless line', 'head -c 3000000 /dev/zero | tr "\\0" x >"$ETL_TASK_REPORT"'],
    ['a directory', 'mkdir "$ETL_TASK_REPORT"; touch "$ETL_TASK_REPORT/x"'],
    ['a link to itself', 'ln -s "$ETL_TASK_REPORT" "$ETL_TASK_REPORT"'],
    ['a link to elsewhere', 'echo \'{"rows":1}\' >elsewhere; ln -s "$PWD/elsewhere" "$ETL_TASK_REPORT"'],
    ['a pipe that nobody writes to', 'mkfifo "$ETL_TASK_REPORT"'],
    ['nothing', 'true'],
  ])('does no harm when it is %s', async (_, script) => {
    const { exit, reports } = await tried.run(`${script}; sleep 0.4`);
    expect(exit).toEqual({ kind: 'exited', code: 0 });
    expect(reports).toEqual([]);
    expect(readdirSync(tried.directory, { recursive: true }).filter((name) => /report-/.test(`${name}`))).toEqual([]);
  });

  it('is read after invalid lines', async () => {
    const { reports } = await tried.run(
      `head -c 200000 /dev/zero | tr "\\0" x >"$ETL_TASK_REPORT"; printf '\\n{"rows":9}\\n' >>"$ETL_TASK_REPORT"`,
    );
    expect(reports).toEqual([{ rows: 9 }]);
  });

  it.each(['while it runs', 'at its end'])('takes no time when it is as large as a disk, %s', async (when) => {
    const wait = when === 'at its end' ? '' : 'sleep 1';
    const started = performance.now();
    const { reports } = await tried.run(
      `truncate -s 400G "$ETL_TASK_REPORT"; printf '\\n{"rows":9}\\n' >>"$ETL_TASK_REPORT"; ${wait}`,
    );
    // All of it would take minutes.
    expect(performance.now() - started).toBeLessThan(120_000);
    expect(reports).toEqual([{ rows: 9 }]);
  });

  it('is in a file of its own, which is removed afterwards', async () => {
    const script = 'echo "$ETL_TASK_REPORT"; echo "{}" >"$ETL_TASK_REPORT"';
    const [first, second] = [await tried.run(script), await tried.run(script)];
    expect(first.stdout).not.toBe(second.stdout);
    expect(existsSync(first.stdout.trim())).toBe(false);
  });
});
