import type { ReconnectingClient } from './connection/reconnecting-client.ts';

type Row = { readonly identity: string };

const databaseNumber = '(SELECT oid::text FROM pg_database WHERE datname = current_database())';
/** The number of its cluster, which each `initdb` draws anew, and that of the database in it. */
const wholeQuestion = `SELECT ${databaseNumber} || ' of ' || (SELECT system_identifier FROM pg_control_system()) AS identity`;
/** Where this role may not look at the cluster. */
const shortQuestion = `SELECT ${databaseNumber} AS identity`;

/** Tells the database from another of the same name; undefined when it does not say. Never rejects. */
export async function databaseIdentity({ query }: Pick<ReconnectingClient, 'query'>): Promise<string | undefined> {
  for (const question of [wholeQuestion, shortQuestion]) {
    const rows = await query<Row>(question);
    const identity = rows?.[0]?.identity;
    if (identity !== undefined) return identity;
  }
  return undefined;
}
