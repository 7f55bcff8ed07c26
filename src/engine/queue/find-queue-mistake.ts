import { type ConnectionAddress, queueVariable } from '../database/connection/connection-address.ts';
import { describeUrl } from '../database/connection/connection-url.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { QueueClient } from './queue-client.ts';
import { queueSchema, queueVersion } from './queue-schema.ts';

/** Why the tables there are not those that this program works with; undefined when they are. */
export async function findQueueMistake(
  query: QueueClient['query'],
  address: ConnectionAddress,
): Promise<Diagnostic | undefined> {
  const place = describeUrl(address);
  const found = await query<{ version: number }>(`SELECT version FROM ${queueSchema}.etl_version`);
  const written = found.ok ? found.value[0]?.version : undefined;
  if (written === queueVersion) return undefined;
  const diagnostic = (code: Diagnostic['code'], message: string, hint: string): Diagnostic => ({
    code,
    severity: 'error',
    message,
    hint,
  });
  if (written !== undefined) return otherVersion(written, place);
  if (found.ok || (found.error.kind === 'refused' && ['3F000', '42P01'].includes(found.error.code))) {
    const hint = 'call "etl-tui db migrate" once, as a role that may create schemas';
    return diagnostic('queue/not-migrated', `There is no queue in "${place}"`, hint);
  }
  if (found.error.kind === 'refused') {
    const hint = `call "etl-tui db migrate --grant ${address.user}", as the role that owns the queue`;
    return diagnostic('database/refused', `${queueVariable} may not use the queue: ${found.error.message}`, hint);
  }
  const hint = `start the server, or correct ${queueVariable}`;
  return diagnostic('database/unreachable', `The queue "${place}" does not respond: ${found.error.message}`, hint);
}

/** @param place of the queue, for people */
export function otherVersion(written: number, place: string): Diagnostic {
  const isOlder = written < queueVersion;
  return {
    code: 'queue/other-version',
    severity: 'error',
    message: `The queue in "${place}" has version ${written}, and this etl-tui works with version ${queueVersion}`,
    hint: isOlder ? 'call "etl-tui db migrate" when no older etl-tui runs any more' : 'install the newer etl-tui here',
  };
}
