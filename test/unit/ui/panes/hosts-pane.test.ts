import { describe, expect, test } from 'vitest';
import type { EpochMs, Host } from '../../../../src/engine/index.ts';
import type { HostId } from '../../../../src/engine/model/ids.ts';
import { runResult } from '../../../../src/engine/results/files/run-result.ts';
import { hostsPane } from '../../../../src/ui/panes/hosts/hosts-pane.ts';
import { createTheme } from '../../../../src/ui/theme.ts';
import { type FakeRun, fakeRun } from '../../../support/fake-run.ts';
import { hostLoad, seenHost } from '../../../support/hosts.ts';
import { gigabyte } from '../../../support/take-sample.ts';
import { plain } from '../support/plain.ts';

const theme = createTheme({ colour: false, unicode: true });
const tasks = { a: {}, b: {}, c: {}, r: { labels: ['r'] } };

function elsewhere() {
  return fakeRun({ tasks }, { elsewhere: true, auto: true, maxParallel: 1_000 });
}

function drawn(run: FakeRun, live?: readonly Host[], columns = 90): string {
  const view = {
    state: run.state(),
    now: run.now() as EpochMs,
    top: 0,
    ...(live === undefined ? {} : { hosts: live }),
  };
  const rows = hostsPane(view, { width: columns, height: 12, focused: true, zoomed: false }, theme);
  return rows.map((row) => plain(row).trimEnd()).join('\n');
}

function liveHost(id: string, sketch: Partial<Host> = {}): Host {
  const labels = new Set<string>();
  return { id: id as HostId, name: id.replace(/#.*/, ''), labels, slots: 4, accepting: true, ...sketch };
}

describe('the hosts', () => {
  test('of a live run: slots, load, leases, labels, and what runs there', () => {
    const run = elsewhere();
    const load = hostLoad({ usedCores: 1.25, freeMemoryBytes: 12 * gigabyte });
    run.hosts(seenHost('anna', { slots: 2, load }), seenHost('bert', { slots: 4, labels: ['big', 'r'] }));
    const seenAt = (ago: number) => (run.now() - ago) as EpochMs;
    const live = [
      liveHost('anna', { slots: 2, load, seenAt: seenAt(4_000), leaseMs: 30_000 }),
      liveHost('bert', { labels: new Set(['big', 'r']), seenAt: seenAt(21_000), leaseMs: 30_000 }),
    ];
    expect(drawn(run, live)).toMatchInlineSnapshot(`
      "╭ Hosts ─── slots ─ cores ─── memory ─────── lease ─── labels ───────────────────────────╮
      │ anna      1 of 2  1.3 of 4  4 GB of 16 GB  26s left                                    │
      │   c                                                                                    │
      │ bert      3 of 4                           9s left   big, r                            │
      │   a, b, r                                                                              │
      │                                                                                        │
      │                                                                                        │
      │                                                                                        │
      │                                                                                        │
      │                                                                                        │
      │                                                                                        │
      ╰ 2 hosts, 4 of 6 slots in use ──────────────────────────────────────────────────────────╯"
    `);
  });

  test('that drain come after those that take tasks, and those that are gone last', () => {
    const run = elsewhere();
    run.hosts(seenHost('anna', { slots: 1 }), seenHost('bert', { slots: 2 }), seenHost('carl', { slots: 8 }));
    run.hosts(seenHost('bert', { slots: 2, accepting: false }), seenHost('carl', { slots: 8 }));
    const lines = drawn(run).split('\n');
    expect(
      lines.filter((line) => /anna|bert|carl/.test(line)).map((line) => line.replace(/[│ ]+/g, ' ').trim()),
    ).toEqual(
      ['carl 1 of 8', 'bert 1 of 2 draining', 'anna 1 of 1 gone'].map((start) => expect.stringContaining(start)),
    );
    expect(lines.at(-1)).toContain('2 hosts, 2 of 10 slots in use');
  });

  test('with the same name are told apart by their ids while both are there', () => {
    const run = elsewhere();
    run.hosts(seenHost('anna#1'), seenHost('anna#2'));
    expect(drawn(run)).toContain('anna#1');
    run.hosts(seenHost('anna#2'));
    expect(drawn(run)).not.toContain('anna#2');
  });

  test('leave out in a narrow pane what can be done without', () => {
    const run = elsewhere();
    run.hosts(seenHost('a_host_with_a_long_name', { labels: ['r', 'big'], load: hostLoad() }));
    const text = drawn(run, undefined, 44);
    expect(text).toMatch(/4 of 4/);
    expect(text).not.toMatch(/memory|cores/);
  });

  test('say when there is none, and when all tasks run on this machine', () => {
    expect(drawn(elsewhere())).toContain('no host is there yet; tasks start when one is');
    expect(drawn(fakeRun({ tasks }))).toContain('all tasks run on this machine');
  });
});

test('the result of a task names the host of its last attempt, and in a run on this machine none', () => {
  const run = elsewhere();
  run.hosts(seenHost('anna#1', { slots: 1 }), seenHost('bert#2', { labels: ['r'] }));
  run.exit('r');
  const output = { tail: () => ({ stdout: '', stderr: '' }), logPath: () => undefined };
  const hostOf = (one: FakeRun, task: string) =>
    runResult(one.state(), output, one.now() as EpochMs).results.find((row) => row.task === task);
  expect(hostOf(run, 'r')?.host).toBe('bert');
  expect(runResult(run.state(), output, run.now() as EpochMs).hosts).toEqual(['anna', 'bert']);
  expect(run.replayed()).toEqual(run.state());
  expect(hostOf(fakeRun({ tasks }), 'a')).not.toHaveProperty('host');
});
