import type { DLogger } from '@dbos-inc/dbos-sdk';
import type { HostId } from '../../model/ids.ts';

/** Owns the rows in a database that other applications may use as well. */
export const application = 'etl-tui';

/** Counts up when what is sent with an attempt changes, so that no older worker takes it. */
export const protocol = 'etl-protocol-1';

export const workflowName = 'attempt';

const prefix = 'etl:';

/** The queue from which this worker alone takes attempts. */
export function mailboxOf(host: HostId): string {
  return `${prefix}${host}`;
}

export function hostOf(mailbox: string): HostId {
  return mailbox.slice(prefix.length) as HostId;
}

/** DBOS wants an address although it is given the connections. */
export const unusedUrl = 'postgres://none@none/none';

const nothing = () => undefined;
/** Its own messages would appear between those of the program; what matters reaches us as an error or a state. */
export const silentLogger: DLogger = { info: nothing, debug: nothing, warn: nothing, error: nothing };
