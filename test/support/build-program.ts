import { execFileSync } from 'node:child_process';
import { projectRoot } from './project-root.ts';

/** Builds `dist/`, because these tests drive the program that users get; once, although two projects ask for it. */
export default function setup(): void {
  if (process.env['ETL_TUI_TEST_BUILD'] === 'done') return;
  process.env['ETL_TUI_TEST_BUILD'] = 'done';
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: projectRoot, stdio: 'inherit' });
}
