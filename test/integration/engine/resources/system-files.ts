import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { SystemFiles } from '../../../../src/engine/resources/control-groups.ts';

/** A system as its files in /proc and /sys/fs/cgroup tell of it; the names begin with `proc/` or `cgroup/`. */
export function systemOf(contents: Readonly<Record<string, string>>): SystemFiles & {
  readonly change: (contents: Readonly<Record<string, string>>) => void;
} {
  const root = mkdtempSync(join(tmpdir(), 'etl-tui-system-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const change = (texts: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
  };
  change(contents);
  return { proc: join(root, 'proc'), cgroup: join(root, 'cgroup'), change };
}
