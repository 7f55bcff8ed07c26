import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Diagnostic, failed, ok, type Result } from '../engine/index.ts';

/** Writes a file that others see whole or not at all. Errors: `run/cannot-write`. */
export function writeWholeFile(path: string, text: string): Result<undefined, Diagnostic> {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(draft, text);
    renameSync(draft, path);
    return ok(undefined);
  } catch (error) {
    rmSync(draft, { force: true });
    return failed({
      code: 'run/cannot-write',
      severity: 'error',
      message: `"${path}" cannot be written: ${(error as Error).message}`,
    });
  }
}
