import type pg from 'pg';
import { lockSpace } from './lease.ts';

/** The role of tasks, and the name of its database. It is no superuser, so the reserved connections stay free for the lease. */
export const ownerRole = 'etl';

const setupLock = `${lockSpace}, 2`;

/** Creates the tasks' role and database unless they exist; safe when several processes do so at once. */
export async function ensureOwner(client: pg.Client, password: string): Promise<void> {
  const { rows } = await client.query(`SELECT 1 FROM pg_database WHERE datname = '${ownerRole}'`);
  if (rows.length > 0) return;
  await client.query(`SELECT pg_advisory_lock(${setupLock})`);
  try {
    const role = await client.query(`SELECT 1 FROM pg_roles WHERE rolname = '${ownerRole}'`);
    if (role.rows.length === 0) {
      await client.query(`CREATE ROLE ${ownerRole} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
      await client.query(`GRANT pg_read_all_stats TO ${ownerRole}`);
    }
    const database = await client.query(`SELECT 1 FROM pg_database WHERE datname = '${ownerRole}'`);
    if (database.rows.length === 0) await client.query(`CREATE DATABASE ${ownerRole} OWNER ${ownerRole}`);
  } finally {
    await client.query(`SELECT pg_advisory_unlock(${setupLock})`);
  }
}
