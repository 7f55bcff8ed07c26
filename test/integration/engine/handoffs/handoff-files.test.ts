import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { closeHandoff, writeHandoff } from '../../../../src/engine/storage/handoffs/handoff-files.ts';
import { findHandoff, listHandoffs } from '../../../../src/engine/storage/handoffs/list-handoffs.ts';

const name = 'pipeline_task_failed_20260105_070012_k3fq_load';
const closing = { at: '2026-01-05T08:00:00.000Z', by: 'ada', note: 'loaded by hand' };
let directory = '';
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'handoffs-')), 'handoffs');
});

it('a hand-off is written for this user alone, and nothing else lies beside it', async () => {
  const written = await writeHandoff(directory, name, { failed_task: 'load' });
  expect(written).toEqual({ ok: true, value: join(directory, 'active', `${name}.yaml`) });
  expect(statSync(join(directory, 'active', `${name}.yaml`)).mode & 0o777).toBe(0o600);
  expect(statSync(join(directory, 'active')).mode & 0o777).toBe(0o700);
  expect(readdirSync(join(directory, 'active'))).toEqual([`${name}.yaml`]);
});

it('a directory that was opened to others on purpose stays open', async () => {
  mkdirSync(join(directory, 'active'), { recursive: true });
  chmodSync(join(directory, 'active'), 0o750);
  await writeHandoff(directory, name, { failed_task: 'load' });
  expect(statSync(join(directory, 'active')).mode & 0o777).toBe(0o750);
});

it('one that cannot be written says which, why, and where to put them instead', async () => {
  mkdirSync(directory);
  writeFileSync(join(directory, 'active'), '');
  expect(await writeHandoff(directory, name, {})).toMatchObject({
    ok: false,
    error: {
      code: 'run/cannot-write',
      message: expect.stringContaining('active'),
      hint: expect.stringContaining('handoffs.directory'),
    },
  });
});

it('closing moves it to those that are done, with who, when and why', async () => {
  await writeHandoff(directory, name, { failed_task: 'load', last_lines: ['yes', ': x'] });
  expect((await closeHandoff(directory, name, closing)).ok).toBe(true);
  expect(existsSync(join(directory, 'active', `${name}.yaml`))).toBe(false);
  const done = join(directory, 'done', `${name}.yaml`);
  expect(parse(readFileSync(done, 'utf8'))).toEqual({
    failed_task: 'load',
    last_lines: ['yes', ': x'],
    closed: closing,
  });
  expect(statSync(done).mode & 0o777).toBe(0o600);
  expect(await closeHandoff(directory, name, closing)).toMatchObject({ error: { code: 'handoff/unknown' } });
});

describe('a list', () => {
  it('has the active ones, the oldest first, and says which files cannot be read', async () => {
    await writeHandoff(directory, 'b', { failed_task: 'b', created_at: '2026-01-05T07:00:00.000Z' });
    await writeHandoff(directory, 'a', { failed_check: 'a', created_at: '2026-01-05T08:00:00.000Z' });
    await writeHandoff(directory, 'c', { dataset: 'c', created_at: '2026-01-05T06:00:00.000Z' });
    await closeHandoff(directory, 'c', closing);
    writeFileSync(join(directory, 'active', 'note.yaml'), '- a list');
    writeFileSync(join(directory, 'active', '.draft.yaml.tmp'), 'x');
    writeFileSync(join(directory, 'active', 'bytes.yaml'), Buffer.from([0xff, 0xfe]));
    const active = await listHandoffs(directory, ['active']);
    expect(active.handoffs.map(({ name, subject }) => [name, subject])).toEqual([
      ['b', 'b'],
      ['a', 'a'],
    ]);
    expect(active.unreadable.map(({ message }) => message)).toEqual([
      expect.stringMatching(/bytes\.yaml.*UTF-8/),
      expect.stringMatching(/note\.yaml.*mapping/),
    ]);
    const all = await listHandoffs(directory, ['active', 'done']);
    expect(all.handoffs.map(({ name, state }) => [name, state])).toEqual([
      ['c', 'done'],
      ['b', 'active'],
      ['a', 'active'],
    ]);
  });

  it('is empty where there is no directory', async () => {
    expect(await listHandoffs(directory, ['active', 'done'])).toEqual({ handoffs: [], unreadable: [] });
  });
});

describe('a hand-off is found by', () => {
  const other = 'pipeline_task_failed_20260106_070012_abcd_odds';
  beforeEach(async () => {
    await writeHandoff(directory, name, {});
    await writeHandoff(directory, other, {});
  });

  it.each([
    ['its name', name],
    ['its file', `handoffs/active/${name}.yaml`],
    ['the beginning of its name', 'pipeline_task_failed_20260105'],
    ['what it is about', 'load'],
  ])('%s', async (_, text) => {
    expect(await findHandoff(directory, text)).toEqual({ ok: true, value: name });
  });

  it('nothing that means several, or none', async () => {
    expect(await findHandoff(directory, 'pipeline_task')).toMatchObject({
      error: { code: 'handoff/unknown', message: expect.stringContaining('2 hand-offs') },
    });
    for (const text of ['', 'x', '../active', '..']) {
      expect(await findHandoff(directory, text)).toMatchObject({ error: { code: 'handoff/unknown' } });
    }
  });
});
