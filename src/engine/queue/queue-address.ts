import { type ConnectionAddress, type Env, queueVariable } from '../database/connection/connection-address.ts';
import { parseConnectionUrl } from '../database/connection/connection-url.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { failed, type Result } from '../model/result.ts';

/** What completes an address; variables such as PGPASSWORD belong to the database of the tasks. */
const completing = ['HOME', 'USER', 'PGPASSFILE', 'PGSERVICEFILE', 'PGSYSCONFDIR'];

/** The database that hosts share, as ETL_TUI_QUEUE names it. Errors: `queue/no-address`, `database/bad-url`. */
export function queueAddress(env: Env): Result<ConnectionAddress, Diagnostic> {
  const url = env[queueVariable];
  if (url)
    return parseConnectionUrl(url, Object.fromEntries(completing.map((name) => [name, env[name]])), queueVariable);
  return failed({
    code: 'queue/no-address',
    severity: 'error',
    message: `${queueVariable} does not say where the queue is`,
    hint: `set ${queueVariable}=postgres://user:password@host:5432/database?sslmode=verify-full`,
  });
}
