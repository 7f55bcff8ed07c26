import { createRequire } from 'node:module';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../model/result.ts';

/** The only one that is known to work, see `peerDependencies`; its tables are of `queueVersion`. */
export const dbosVersion = '5.3.0';

export type Dbos = typeof import('@dbos-inc/dbos-sdk');
/** What it has no public name for. */
type Internals = {
  readonly utils: typeof import('@dbos-inc/dbos-sdk/internal/utils');
  readonly wfqueue: typeof import('@dbos-inc/dbos-sdk/internal/wfqueue');
  readonly 'dbos-executor': typeof import('@dbos-inc/dbos-sdk/internal/dbos-executor');
  readonly system_database: typeof import('@dbos-inc/dbos-sdk/internal/system_database');
};

/**
 * Not `import`: where a directory above the package is a symbolic link, as pnpm and npm link make them, Node.js imports parts
 * of it by the path of the link and others by the real one. DBOS would be loaded twice, with two states.
 */
const load = createRequire(import.meta.url);

/** Throws when it is not installed. */
export function dbosInternals<Name extends keyof Internals>(name: Name): Internals[Name] {
  return load(`@dbos-inc/dbos-sdk/internal/${name}`) as Internals[Name];
}

/** DBOS, which who uses the queue has installed beside this program. Error: `queue/not-installed`. */
export async function loadDbos(): Promise<Result<Dbos, Diagnostic>> {
  try {
    const dbos = load('@dbos-inc/dbos-sdk') as Dbos;
    const { globalParams } = dbosInternals('utils');
    if (globalParams.dbosVersion === dbosVersion) return ok(dbos);
    return failed(
      notInstalled(`is needed in version ${dbosVersion}, and is here in version ${globalParams.dbosVersion}`),
    );
  } catch (error) {
    const [reason = ''] = (error as Error).message.split('\n');
    const isAbsent = /^Cannot find (?:module|package) '@dbos-inc\/dbos-sdk'/.test(reason);
    return failed(notInstalled(isAbsent ? 'is not installed' : `cannot be loaded: ${reason}`));
  }
}

function notInstalled(what: string): Diagnostic {
  return {
    code: 'queue/not-installed',
    severity: 'error',
    message: `The package @dbos-inc/dbos-sdk, which the queue is made of, ${what}`,
    hint: `install it beside etl-tui: npm install @dbos-inc/dbos-sdk@${dbosVersion} (with -g if etl-tui is)`,
  };
}
