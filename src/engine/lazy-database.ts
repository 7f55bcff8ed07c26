import type * as commands from './database/database-commands.ts';
import type * as opening from './database/open-database.ts';
import type * as scratch from './database/scratch/open-scratch-server.ts';
import type * as sql from './database/sql-session.ts';

// The database's client takes longer to load than all the rest of the engine, so that it is loaded when it is needed.
const loadCommands = () => import('./database/database-commands.ts');

/** Opens the database of DATABASE_URL, or the project's own. */
export const openDatabase: typeof opening.openDatabase = async (options) =>
  (await import('./database/open-database.ts')).openDatabase(options);

/** Logs in to the database that variables name, to execute SQL. */
export const openSqlSession: typeof sql.openSqlSession = async (env, onNotice) =>
  (await import('./database/sql-session.ts')).openSqlSession(env, onNotice);

/** Opens the server on which databases are created to be thrown away. */
export const openScratchServer: typeof scratch.openScratchServer = async (options) =>
  (await import('./database/scratch/open-scratch-server.ts')).openScratchServer(options);

/** Starts the project's own server and keeps it running. */
export const startDatabase: typeof commands.startDatabase = async (options) =>
  (await loadCommands()).startDatabase(options);

/** Stops the project's own server when nobody uses it, and keeps it no longer. */
export const stopDatabase: typeof commands.stopDatabase = async (options) =>
  (await loadCommands()).stopDatabase(options);

/** What is there; starts nothing. */
export const databaseStatus: typeof commands.databaseStatus = async (options) =>
  (await loadCommands()).databaseStatus(options);

/** The address of the database with its password. */
export const databaseUrl: typeof commands.databaseUrl = async (options) => (await loadCommands()).databaseUrl(options);
