import { spawnSync } from 'node:child_process';
import { afterEach, describe, expect, test } from 'vitest';
import { createProject, type Project } from './command-line.ts';

const pipeline = `
version: 1
name: shop
tasks:
  fetch: { command: "true" }
  load: { command: "true", dependencies: [fetch], matrix: { year: ["2021", "2 \\"x\\"", "a<b>&#c"] } }
  prices: { command: "exit 3", dependencies: [fetch] }
  merge: { command: "true", dependencies: [load, prices, fetch] }
  alone: { command: "true" }
  tidy: { command: "true", run_when: always }
checks:
  - { name: whole, command: "echo 1", expect: 1, after: [load], before: [merge] }
`;

const projects: Project[] = [];

function project(text: string): Project {
  const created = createProject(text);
  projects.push(created);
  return created;
}

afterEach(() => {
  for (const created of projects.splice(0)) created.remove();
});

describe('etl-tui graph', () => {
  test('draws what waits for what, and starts nothing', async () => {
    const { call } = project(pipeline);
    const { code, out, err } = await call(['graph']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(
      [
        'shop: 6 tasks, 1 of them with a matrix (3 instances) in 3 waves, 7 dependencies',
        '',
        '1 ●    fetch',
        '2 ├▸◆  load    3 instances',
        '  ● │  prices',
        '  │ ◇  whole   gate',
        '  ├─╯',
        '3 ●    merge',
        '',
        'without dependencies',
        '  ● alone',
        '',
        'at the end of the run',
        '  ● tidy',
        '',
        '◆ all instances of a matrix  ◇ gate: what is below waits until it has passed',
        '2 dependencies that a longer way implies are not drawn',
        '',
      ].join('\n'),
    );
    expect((await call(['history', '--json'])).out).toBe('[]\n');
  });

  test('paints the states of a run on it, in ASCII and within the width of the terminal', async () => {
    const { call } = project(pipeline);
    expect((await call(['run', '--ci'])).code).toBe(1);
    const { out } = await call(['graph', '--run', 'latest', '--ascii']);
    expect(out).toMatch(/^run \S+: failed$/m);
    expect(out).toMatch(/^2 \|>\+ {2}load {4}succeeded {2}3 instances$/m);
    expect(out).toMatch(/^ {2}x \| {2}prices {2}failed$/m);
    expect(out).toMatch(/^3 - {4}merge {3}not run$/m);
    expect(out).not.toMatch(/[^\x20-\x7e\n]/);
    const part = await call(['graph', '--run', 'latest', '--until', 'prices']);
    expect(part.out).toContain('2 tasks in 2 waves');
    const json = JSON.parse((await call(['graph', '--run', 'latest', '--format', 'json', '--only', 'prices'])).out);
    expect(json).toMatchObject({ tasks: [{ task: 'prices', wave: 2, state: 'failed', attempts: 1 }] });
  });

  test('names what was meant, and a run that there is not', async () => {
    const { call } = project(pipeline);
    const unknown = await call(['graph', '--only', 'fetsh']);
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('did you mean "fetch"?')]);
    const none = await call(['graph', '--run', 'latest']);
    expect([none.code, none.err]).toEqual([2, expect.stringContaining('there are no runs')]);
    const format = await call(['graph', '--format', 'svg']);
    expect([format.code, format.err]).toEqual([
      2,
      expect.stringContaining('--format must be text, mermaid, dot or json, not "svg"'),
    ]);
  });

  test('gives Mermaid a flowchart in which no name means anything but itself', async () => {
    const { call } = project(pipeline);
    const { out } = await call(['graph', '--format', 'mermaid', '--only', 'load[year=2021],fetch']);
    expect(out).toBe(
      [
        '---',
        'title: "shop"',
        '---',
        'flowchart LR',
        '  n0["fetch"]',
        '  n1["load#91;year=2021#93;"]',
        '  n0 --> n1',
        '',
      ].join('\n'),
    );
  });

  test('gives Graphviz what it can read', async () => {
    const { call } = project(pipeline);
    const { out } = await call(['graph', '--format', 'dot']);
    expect(out).toContain('n1 [label="load\\n3 instances", shape=box3d];');
    const dot = spawnSync('dot', ['-Tplain'], { input: out, encoding: 'utf8' });
    // Where Graphviz is not installed, its own grammar cannot be asked.
    if (dot.error !== undefined) return;
    expect([dot.status, dot.stderr]).toEqual([0, '']);
    expect(dot.stdout.match(/^node /gm)).toHaveLength(7);
    expect(dot.stdout.match(/^edge /gm)).toHaveLength(5);
  });
});
