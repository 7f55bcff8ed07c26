import { randomBytes } from 'node:crypto';
import { isAlive, isObservable, ownIdentity, type ProcessIdentity } from '../../platform/process-identity.ts';

/**
 * The orchestrator that drives a run, as text: which process of which machine, and a number that tells it from what that process
 * drove before.
 */
export type Driver = string & { readonly _brand: 'Driver' };

export function newDriver(): Driver {
  return JSON.stringify({ ...ownIdentity(), nonce: randomBytes(6).toString('hex') }) as Driver;
}

/** Whether it is a process of this machine that is not there any more; of others only their lease tells. */
export function isKnownDead(driver: string | null): boolean {
  if (driver === null) return true;
  const identity = identityOf(driver);
  return identity !== undefined && isObservable(identity) && !isAlive(identity);
}

/** For messages. */
export function describeDriver(driver: string | null): string {
  const identity = driver === null ? undefined : identityOf(driver);
  return identity === undefined ? 'another process' : `process ${identity.pid} on ${identity.host}`;
}

function identityOf(driver: string): ProcessIdentity | undefined {
  try {
    const identity = JSON.parse(driver) as ProcessIdentity;
    return typeof identity.pid === 'number' && typeof identity.host === 'string' ? identity : undefined;
  } catch {
    return undefined;
  }
}
