import type { Diagnostic } from '../../model/diagnostic.ts';
import { failed, ok, type Result } from '../../model/result.ts';

/** The only one that is known to work, see `peerDependencies`; its tables are of `queueVersion`. */
export const dbosVersion = '5.3.0';

export type Dbos = typeof import('@dbos-inc/dbos-sdk');

/** DBOS, which who uses the queue has installed beside this program. Error: `queue/not-installed`. */
export async function loadDbos(): Promise<Result<Dbos, Diagnostic>> {
  try {
    const dbos = await import('@dbos-inc/dbos-sdk');
    const { globalParams } = await import('@dbos-inc/dbos-sdk/internal/utils');
    if (globalParams.dbosVersion === dbosVersion) return ok(dbos);
    return failed(
      notInstalled(`is needed in version ${dbosVersion}, and is here in version ${globalParams.dbosVersion}`),
    );
  } catch (error) {
    return failed(notInstalled(`cannot be loaded: ${(error as Error).message.split('\n')[0]}`));
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
