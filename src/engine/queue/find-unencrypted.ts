import { isIP } from 'node:net';
import { type ConnectionAddress, queueVariable } from '../database/connection/connection-address.ts';
import { describeUrl } from '../database/connection/connection-url.ts';
import type { Diagnostic } from '../model/diagnostic.ts';

/** A warning when what goes to the queue can be read and changed on the way; `address` is that of a connection. */
export function findUnencrypted(address: ConnectionAddress): Diagnostic | undefined {
  const { host, isEncrypted, parameters } = address;
  const isHere =
    host.startsWith('/') || host === 'localhost' || host === '::1' || (isIP(host) === 4 && /^127\./.test(host));
  const isVerified = isEncrypted && parameters.get('sslmode') === 'verify-full';
  if (isHere || isVerified) return undefined;
  const how = isEncrypted ? 'is encrypted, but nobody looks whether it is the right server' : 'is not encrypted';
  return {
    code: 'queue/not-encrypted',
    severity: 'warning',
    message: `The connection to the queue "${describeUrl(address)}" ${how}; whoever is between can run commands on workers`,
    hint: `use sslmode=verify-full in ${queueVariable}, with sslrootcert=FILE for a certificate of your own`,
  };
}
