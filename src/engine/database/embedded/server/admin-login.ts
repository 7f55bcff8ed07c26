import pg from 'pg';
import { failed, ok, type Result } from '../../../model/result.ts';
import { connectWithDeadline } from '../../connection/client-deadlines.ts';
import { adminRole } from '../cluster/create-cluster.ts';

const loginWithinMs = 5_000;

/** Logs in to the embedded server as its administrator. */
export async function loginAsAdmin(port: number, password: string): Promise<Result<pg.Client, Error>> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: adminRole,
    password,
    database: 'postgres',
    application_name: 'etl-tui lease',
    keepAlive: true,
    ssl: false,
    // Always set, because the driver would otherwise read PGSSLNEGOTIATION and PGOPTIONS from the environment of this process.
    sslnegotiation: 'postgres',
    options: ' ',
  } as pg.ClientConfig);
  client.on('error', () => {});
  try {
    await connectWithDeadline(client, loginWithinMs);
    return ok(client);
  } catch (error) {
    void client.end().catch(() => {});
    return failed(error as Error);
  }
}
