import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Root may, where the container lets it; everybody else may not. */
export const mayMount = process.getuid?.() === 0;

/** Until the end of the test. For root, whom no mode keeps out, by a read-only mount over it; false where that is not allowed. */
export function makeReadOnly(path: string): boolean {
  if (mayMount) {
    try {
      execFileSync('mount', ['--bind', path, path], { stdio: 'ignore' });
    } catch {
      return false;
    }
    onTestFinished(() => void execFileSync('umount', ['-l', path]));
    execFileSync('mount', ['-o', 'remount,ro,bind', path]);
    return true;
  }
  const inside = readdirSync(path, { recursive: true }).map((name) => join(path, String(name)));
  const directories = [path, ...inside].filter((one) => statSync(one).isDirectory());
  for (const one of directories) chmodSync(one, 0o500);
  onTestFinished(() => {
    for (const one of directories) chmodSync(one, 0o700);
  });
  return true;
}
