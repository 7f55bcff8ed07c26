import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { type Diagnostic, failed, ok, type Result } from '../../engine/index.ts';
import type { Invocation } from '../invocation.ts';

/** Where a person's own configuration is; `named` when the environment says so. */
export function configPath({ cwd, env }: Pick<Invocation, 'cwd' | 'env'>): {
  readonly path: string;
  readonly named: boolean;
} {
  const own = env['ETL_TUI_CONFIG'];
  if (own) return { path: resolve(cwd, own), named: true };
  const wanted = env['XDG_CONFIG_HOME'] ?? '';
  const home = isAbsolute(wanted) ? wanted : join(env['HOME'] || homedir(), '.config');
  return { path: join(home, 'etl-tui', 'config.yaml'), named: false };
}

/** Far more than there is to choose. */
const maxBytes = 1_048_576;

/**
 * The text of the file; undefined when there is none where one may be. Errors: `config/no-file` for one that is named and
 * missing, `spec/unreadable`. Waits for no pipe.
 */
export function readConfigText(call: Pick<Invocation, 'cwd' | 'env'>): Result<string | undefined, Diagnostic> {
  const { path, named } = configPath(call);
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(file);
    // /dev/null is how a person says "none".
    if (stats.isCharacterDevice() && path === '/dev/null') return ok(undefined);
    if (!stats.isFile()) return failed(unreadable(path, 'it is not a file'));
    if (stats.size > maxBytes) return failed(unreadable(path, 'it is larger than 1 MiB'));
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') {
      const isText = !(error instanceof TypeError);
      return failed(
        unreadable(path, code === 'EACCES' ? 'permission denied' : isText ? message : 'it is not text in UTF-8'),
      );
    }
    return named ? failed(missing(path)) : ok(undefined);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function unreadable(path: string, why: string): Diagnostic {
  return { code: 'spec/unreadable', severity: 'error', message: `"${path}" cannot be read: ${why}` };
}

function missing(path: string): Diagnostic {
  return {
    code: 'config/no-file',
    severity: 'error',
    message: `there is no file "${path}"`,
    hint: 'ETL_TUI_CONFIG names it; unset that for the usual place',
  };
}
