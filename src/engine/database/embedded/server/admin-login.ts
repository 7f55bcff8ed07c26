import pg from 'pg';
import { failed, ok, type Result } from '../../../model/result.ts';
import { adminRole } from '../cluster/create-cluster.ts';

/** Logs in to the embedded server as its administrator. */
export async function loginAsAdmin(port: number, password: string): Promise<Result<pg.Client, Error>> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: adminRole,
    password,
    database: 'postgres',
    application_name: 'etl-tui lease',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    ssl: false,
    // Always set, because the driver would otherwise read PGSSLNEGOTIATION and PGOPTIONS from the environment of this process.
    sslnegotiation: 'postgres',
    options: ' ',
  } as pg.ClientConfig);
  client.on('error', () => {});
  try {
    await client.connect();
    return ok(client);
  } catch (error) {
    void client.end().catch(() => {});
    return failed(error as Error);
  }
}
