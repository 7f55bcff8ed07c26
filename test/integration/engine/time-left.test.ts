import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type OpenRun, openRun, planPipeline } from '../../../src/engine/index.ts';

const pipelineText = `
version: 1
name: waiting
tasks:
  short: { command: "sleep 0.3" }
  long: { command: "sleep 1.2", dependencies: [short] }
`;

async function open(directory: string, only?: readonly string[]): Promise<OpenRun> {
  const { plan } = planPipeline(pipelineText, 'pipeline.yaml', only === undefined ? {} : { only });
  const opened = await openRun({
    plan: plan!,
    pipelinePath: join(directory, 'pipeline.yaml'),
    pipelineText,
    projectDir: directory,
    logDir: join(directory, 'logs'),
    env: { PATH: process.env['PATH'] },
    params: new Map(),
    sequential: false,
    runChecks: true,
  });
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value;
}

test.each([
  ['of two tasks', undefined],
  ['of one task', ['long']],
])('a run %s tells how long it will still take once an earlier run has shown it, and not before', async (_, only) => {
  const directory = mkdtempSync(join(tmpdir(), 'etl-tui-left-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const first = await open(directory);
  first.start();
  expect(first.timeLeft?.()).toBeUndefined();
  await first.finished;
  expect(first.timeLeft?.()).toBeUndefined();
  await first.close();

  const second = await open(directory, only);
  onTestFinished(() => second.close().then(() => {}));
  second.start();
  const left = await vi.waitUntil(() => second.timeLeft?.(), { timeout: 60_000, interval: 5 });
  expect(left.ms).toBeGreaterThan(0);
  expect(left.ms).toBeLessThan(60_000);
  expect(left.lowMs).toBeLessThan(left.ms);
  expect(left.highMs).toBeGreaterThan(left.ms);
  await second.finished;
  expect(second.timeLeft?.()).toBeUndefined();
});
