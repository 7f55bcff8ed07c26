import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { projectRoot } from '../support/project-root.ts';
import { createProject, type Project } from './command-line.ts';

const pipeline = `
version: 1
name: league
params: { seasons: { default: "2023", pattern: '^\\d{4}(-\\d{4})?$' } }
tasks:
  games: { command: 'mkdir -p out; echo "games $ETL_PARAM_SEASONS" > out/games.csv' }
  plays: { command: 'test ! -e broken && echo plays > out/plays.csv', dependencies: [games] }
  mart: { command: 'cat out/plays.csv > out/mart.csv', dependencies: [plays] }
  slow: { command: 'while test -e wait; do sleep 0.05; done; sleep 0.4' }
requests:
  scopes: { play_by_play: [plays] }
  params: { seasons: { param: seasons, as: range } }
  deliverables:
    games: { file: out/games.csv, tasks: [games] }
    plays: { file: out/plays.csv, tasks: [plays] }
    mart: { file: out/mart.csv, tasks: [mart] }
`;

const projects: Project[] = [];

function project(text = pipeline) {
  const created = createProject(text);
  projects.push(created);
  const { directory } = created;
  const write = (file: string, request: string) => writeFileSync(join(directory, file), request);
  const files = (...path: readonly string[]) => {
    const place = join(directory, 'handoffs', ...path);
    return existsSync(place) ? readdirSync(place).sort() : [];
  };
  const answers = () =>
    files('active').map((name) => {
      const document = parse(readFileSync(join(directory, 'handoffs/active', name), 'utf8'));
      const schema = join(projectRoot, 'docs/handoffs', `${document.handoff}.schema.json`);
      const validate = new Ajv2020({ formats: { 'date-time': true }, allowUnionTypes: true }).compile(
        JSON.parse(readFileSync(schema, 'utf8')),
      );
      expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
      return document;
    });
  return { ...created, write, files, answers };
}

afterEach(() => {
  for (const created of projects.splice(0)) created.remove();
});

const request = `type: data_refresh_request
from: Research
to: ETL
scope: [play-by-play]
seasons: [2023, 2024]
`;

describe('etl-tui request', () => {
  test('carries a request out, answers it deliverable by deliverable, and puts it away', async () => {
    const { call, write, answers, files, directory } = project();
    write('refresh.yaml', request);
    const { code, out, err } = await call(['request', 'refresh.yaml']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(
      'request refresh.yaml from Research, priority normal\n  runs        games, plays\n  seasons     2023-2024\n',
    );
    expect(out).toContain('request fulfilled: 2 of 2 delivered\n  ✓ games  out/games.csv, 16 B\n');
    expect(readFileSync(join(directory, 'out/games.csv'), 'utf8')).toBe('games 2023-2024\n');
    expect(answers()).toMatchObject([
      {
        handoff: 'data_refresh_completed',
        from: 'ETL',
        to: 'Research',
        status: 'fulfilled',
        request: { file: 'refresh.yaml', params: { seasons: '2023-2024' } },
        deliverables: [{ name: 'games', status: 'delivered', size_bytes: 16 }, { name: 'plays' }],
        tasks: { succeeded: ['games', 'plays'] },
      },
    ]);
    expect(existsSync(join(directory, 'refresh.yaml'))).toBe(false);
    expect(files('done')).toEqual([expect.stringMatching(/^refresh_[0-9a-f]{12}\.yaml$/)]);
    expect(answers()[0].request.stored).toBe(join(directory, 'handoffs/done', files('done')[0]!));
  });

  test('says what was not delivered and why, with the exit code of the run', async () => {
    const { call, write, answers } = project();
    write('broken', '');
    write('refresh.yaml', `${request}expected_deliverables: [games, mart]\n`);
    const { code, out } = await call(['request', 'refresh.yaml']);
    expect(code).toBe(1);
    expect(out).toContain('request partly fulfilled: 1 of 2 delivered; not mart ("mart" was not run: "plays" failed)');
    expect(answers()).toMatchObject([
      { status: 'partly_fulfilled', verdict: 'task-failed', tasks: { not_done: ['plays', 'mart'] } },
    ]);
  });

  test('is not fulfilled by a run that succeeded without writing the file', async () => {
    const { call, write, answers } = project(pipeline.replace('cat out/plays.csv > out/mart.csv', 'true'));
    write('refresh.yaml', `${request}expected_deliverables: [mart]\n`);
    const { code, err } = await call(['request', 'refresh.yaml']);
    expect(code).toBe(1);
    expect(err).toContain('error[run/not-delivered]: The run succeeded, but the request is not fulfilled');
    expect(answers()).toMatchObject([
      { status: 'not_fulfilled', verdict: 'success', deliverables: [{ why: 'file out/mart.csv is missing' }] },
    ]);
  });

  test('with mistakes is refused with their places, runs nothing, and stays where it is', async () => {
    const { call, write, files, directory } = project();
    write('bad.yaml', `${request}deadline: 2026-01-31T18:00\nscop: x\n`);
    const bad = await call(['request', 'bad.yaml']);
    expect(bad.code).toBe(2);
    expect(bad.err).toContain(
      'bad.yaml:6:11: error[spec/bad-value]: "deadline" must be a date and time with time zone',
    );
    expect(bad.err).toContain('    6 │ deadline: 2026-01-31T18:00\n      │           ^^^^^^^^^^^^^^^^\n');
    expect(bad.err).toContain('bad.yaml:7:1: error[spec/unknown-key]: a request has no key "scop"\n');
    expect(bad.err).toContain('hint: did you mean "scope"?');
    write('unknown.yaml', request.replace('play-by-play', 'play-by-ply'));
    const unknown = await call(['request', 'unknown.yaml']);
    expect([unknown.code, unknown.err]).toEqual([
      2,
      expect.stringContaining('unknown.yaml:4:9: error[request/unknown-word]'),
    ]);
    symlinkSync('unknown.yaml', join(directory, 'link.yaml'));
    expect((await call(['request', 'link.yaml'])).err).toContain('it is a symbolic link');
    expect((await call(['request', 'nowhere.yaml'])).code).toBe(2);
    expect((await call(['request'])).code).toBe(2);
    expect(existsSync(join(directory, 'bad.yaml'))).toBe(true);
    expect([files(), existsSync(join(directory, 'logs'))]).toEqual([[], false]);
  });

  test('says at once that a deadline cannot be met, and goes on unless it is to be refused', async () => {
    const { call, write, answers, files, directory } = project();
    expect((await call(['run', '--only', 'slow'])).code).toBe(0);
    const due = (ms: number) => `deadline: ${new Date(Date.now() + ms).toISOString()}\n`;
    const slow = 'type: data_refresh_request\nfrom: Research\nscope: slow\n';
    write('late.yaml', `${slow}${due(10)}`);
    const late = await call(['request', 'late.yaml']);
    expect(late.code).toBe(0);
    expect(late.err).toContain('late.yaml:4:11: warning[run/too-late]: the deadline cannot be met: ');
    expect(answers()).toMatchObject([{ status: 'fulfilled', deadline: { met: false, could_be_met: false } }]);
    write('never.yaml', `${slow}${due(10)}if_late: refuse\n`);
    const never = await call(['request', 'never.yaml']);
    expect([never.code, never.err]).toEqual([3, expect.stringContaining('error[run/too-late]')]);
    expect(answers().at(-1)).toMatchObject({
      handoff: 'data_refresh_refused',
      to: 'Research',
      reasons: [{ code: 'run/too-late' }],
    });
    expect(files('refused')).toEqual([expect.stringMatching(/^never_[0-9a-f]{12}\.yaml$/)]);
    write('soon.yaml', `${slow}${due(3_600_000)}`);
    const soon = await call(['request', 'soon.yaml', '--refuse-late', '--dry-run']);
    expect([soon.code, soon.out]).toEqual([0, expect.stringContaining('the deadline can be met')]);
    expect(existsSync(join(directory, 'soon.yaml'))).toBe(true);
  });

  test('that was answered before its file was put away is not carried out again', async () => {
    const { call, write, files, directory } = project();
    write('refresh.yaml', request);
    await call(['request', 'refresh.yaml']);
    const [done = ''] = files('done');
    // As if the program had been ended in between.
    renameSync(join(directory, 'handoffs/done', done), join(directory, 'refresh.yaml'));
    const again = await call(['request', 'refresh.yaml']);
    expect(again.code).toBe(0);
    expect(again.out).toMatch(
      /^request refresh\.yaml was answered before: handoffs\/active\/data_refresh_completed_refresh_\w+\.yaml\n$/,
    );
    expect(files('done')).toEqual([done]);
    expect(readdirSync(join(directory, 'logs/etl/runs'))).toHaveLength(1);
    write('refresh.yaml', request);
    expect((await call(['request', 'refresh.yaml'])).out).toContain('request fulfilled');
    expect(readdirSync(join(directory, 'logs/etl/runs'))).toHaveLength(2);
  });

  test('that a signal interrupts stays where it is, without an answer', async () => {
    const { start, write, files, directory } = project();
    write('wait', '');
    write('slow.yaml', 'type: data_refresh_request\nfrom: Research\nscope: slow\n');
    const running = start(['request', 'slow.yaml', '--reporter', 'json']);
    await running.says('task.spawned');
    running.child.kill('SIGTERM');
    const ended = await running.ended;
    expect(ended.err).toContain('request slow.yaml was not carried out; its file was not moved');
    await expectCleanAftermath({ directory, ended, exitCodes: [143] });
    expect([existsSync(join(directory, 'slow.yaml')), files()]).toEqual([true, []]);
  });
});

describe('etl-tui request --watch', () => {
  test('takes what arrives by priority, sets aside what is no request, and ends with a signal', async () => {
    const { start, call, files, answers, directory } = project();
    const incoming = join(directory, 'handoffs/incoming');
    mkdirSync(incoming, { recursive: true });
    const put = (name: string, text: string) => writeFileSync(join(incoming, name), text);
    const plain = 'type: data_refresh_request\nfrom: Research\nscope: games\n';
    put('a-low.yaml', `${plain}priority: low\n`);
    put('b-urgent.yml', `${plain}priority: urgent\n`);
    put('bad \u001b[31m$(touch x)\n.yaml', 'type: data_refresh_request\nfrom: DevOps\nscope: nothing\nwhat: ever\n');
    symlinkSync('/etc/passwd', join(incoming, 'link.yaml'));
    mkdirSync(join(incoming, 'directory.yaml'));
    put('.hidden.yaml', plain);
    put('notes.txt', 'not a request');
    const watching = start(['request', '--watch', '--no-color']);
    await watching.says('done/a-low_');
    const other = await call(['request', 'pipeline.yaml']);
    expect([other.code, other.err]).toEqual([
      3,
      expect.stringContaining('error[run/locked]: Requests of this project are already being carried out by process'),
    ]);
    watching.child.kill('SIGTERM');
    const ended = await watching.ended;
    const { out } = ended;
    await expectCleanAftermath({ directory, ended, exitCodes: [143] });
    expect(out).not.toContain('\u001b');
    expect(out.indexOf('done/b-urgent_')).toBeLessThan(out.indexOf('done/a-low_'));
    expect(files('incoming')).toEqual(['.hidden.yaml', 'notes.txt']);
    expect(files('done')).toHaveLength(2);
    expect(files('refused')).toHaveLength(3);
    const byFile = new Map(answers().map((answer) => [answer.file ?? answer.request.file, answer]));
    expect(byFile.get('a-low.yaml')).toMatchObject({ status: 'fulfilled' });
    expect(byFile.get('link.yaml')).toMatchObject({
      handoff: 'data_refresh_refused',
      reasons: [{ message: expect.stringContaining('symbolic link') }],
    });
    const bad = [...byFile.values()].find(({ to }) => to === 'DevOps');
    expect(bad).toMatchObject({ reasons: [{ code: 'spec/unknown-key', line: 4, col: 1, excerpt: 'what: ever' }] });
    expect(existsSync(join(directory, 'x'))).toBe(false);
  });

  test('that is killed in the middle of a run carries the request out when it is started again', async () => {
    const { start, write, files, answers, directory } = project();
    mkdirSync(join(directory, 'inbox'));
    write('wait', '');
    write('inbox/slow.yaml', 'type: data_refresh_request\nfrom: Research\nscope: slow\n');
    const first = start(['request', '--watch', 'inbox', '--reporter', 'json']);
    await first.says('task.spawned');
    first.child.kill('SIGKILL');
    await expectCleanAftermath({ directory, ended: first.ended, exitCodes: [null] });
    expect([existsSync(join(directory, 'inbox/slow.yaml')), files()]).toEqual([true, []]);
    rmSync(join(directory, 'wait'));
    const second = start(['request', '--watch', 'inbox']);
    await second.says('request fulfilled');
    second.child.kill('SIGINT');
    await expectCleanAftermath({ directory, ended: second.ended, exitCodes: [130] });
    expect(answers()).toMatchObject([{ status: 'fulfilled', request: { file: 'slow.yaml' } }]);
    expect([readdirSync(join(directory, 'inbox')), files('done').length]).toEqual([[], 1]);
  });

  test('leaves a request whose run cannot start where it is, and says why', async () => {
    const { start, write, files, directory } = project(
      pipeline.replace('games: { command:', 'games: { connections: 1, command:'),
    );
    mkdirSync(join(directory, 'inbox'));
    write('inbox/r.yaml', request);
    const watching = start(['request', '--watch', 'inbox'], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
    await watching.says('request inbox/r.yaml was not carried out; its file was not moved');
    watching.child.kill('SIGTERM');
    const ended = await watching.ended;
    expect(ended.err).toContain('error[database/unreachable]');
    await expectCleanAftermath({ directory, ended, exitCodes: [143] });
    expect([readdirSync(join(directory, 'inbox')), files()]).toEqual([['r.yaml'], []]);
  });
});
