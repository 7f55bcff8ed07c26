import { describe, expect, it } from 'vitest';
import { diffPipelines } from '../../../../../src/engine/results/trends/diff-pipelines.ts';
import { readPipeline } from '../../../../../src/engine/spec/read-pipeline.ts';

function read(text: string) {
  const { partial, diagnostics } = readPipeline(text, 'pipeline.yaml');
  if (partial === undefined || diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics));
  return partial.spec;
}

const before = read(`
name: nfl
pools: { api: 1 }
tasks:
  games: { command: load games }
  odds: { command: load odds, pools: [api], timeout: 5m }
  old: { command: "true" }
checks:
  - { name: orphans, sql: SELECT 0 }
`);

describe('what has changed in a pipeline', () => {
  it('is told by task, check and key, as the file names it', () => {
    const after = read(`
name: nfl
pools: { api: 2 }
tasks:
  games: { command: load games, description: all games }
  odds: { command: load more odds, pools: [api], timeout: 10m }
  new: { command: "true" }
checks:
  - { name: orphans, sql: SELECT 1, on_fail: warn }
`);
    expect(diffPipelines(before, after)).toEqual([
      { part: 'task', name: 'odds', change: 'changed', keys: ['command', 'timeout'] },
      { part: 'task', name: 'new', change: 'added' },
      { part: 'task', name: 'old', change: 'removed' },
      { part: 'check', name: 'orphans', change: 'changed', keys: ['on_fail', 'sql'] },
      { part: 'pipeline', change: 'changed', keys: ['pools'] },
    ]);
  });

  it('is nothing when lines moved and descriptions were written', () => {
    const after = read(`
name: nfl
# moved
pools: { api: 1 }
tasks:
  games: { command: load games, description: all of them }
  odds: { command: load odds, pools: [api], timeout: 5m }
  old: { command: "true" }
checks: [{ name: orphans, sql: SELECT 0 }]
`);
    expect(diffPipelines(before, after)).toEqual([]);
  });
});
