import type { Command } from 'commander';
import type { DbMigrateOptions } from './commands/db-migrate.ts';
import { addLook } from './display-options.ts';
import type { DisplayOptions, Done, Invocation } from './invocation.ts';

export function addDb(program: Command, invocation: Invocation, done: Done): void {
  const db = program
    .command('db')
    .summary("start, stop and inspect the project's own PostgreSQL")
    .description(
      "Manages the project's own PostgreSQL. If DATABASE_URL, PGHOST, PGSERVICE or another libpq variable names a database, that database is used instead.",
    );
  const commands = [
    ['start', 'start it and keep it running', 'dbStart'],
    ['stop', 'stop it, or let it stop after the run that is using it', 'dbStop'],
    ['status', 'show where it is, whether it is running and who is using it', 'dbStatus'],
    ['url', 'print its address, with the password', 'dbUrl'],
  ] as const;
  for (const [name, description, action] of commands) {
    addLook(db.command(name).description(description)).action(async (options: DisplayOptions) => {
      const actions = await import('./commands/db.ts');
      done(await actions[action](options, invocation));
    });
  }
  const psql = db
    .command('psql')
    .description('open psql; the exit code is that of psql')
    .argument('[ARGS...]', "arguments of psql, after --: etl-tui db psql -- -c 'select 1'");
  addLook(psql).action(async (args: readonly string[], options: DisplayOptions) => {
    const { dbPsql } = await import('./commands/db.ts');
    done(await dbPsql(args, options, invocation));
  });
  addLook(
    db
      .command('sql')
      .description(
        'execute SQL files without psql, each in one transaction; rows go to standard output, separated by tabs',
      )
      .argument('<FILE...>', 'SQL files, executed in this order until one fails; "-" is standard input'),
  ).action(async (files: string[], options: DisplayOptions) => {
    const { dbSql } = await import('./commands/db-sql.ts');
    done(await dbSql(files, options, invocation));
  });
  addLook(
    db
      .command('migrate')
      .description('create or upgrade the tables of the queue that ETL_TUI_QUEUE names, for "run --executor queue"')
      .option('--grant <ROLE>', 'let this role use the queue, without rights to change its tables'),
  ).action(async (options: DbMigrateOptions) => {
    const { dbMigrate } = await import('./commands/db-migrate.ts');
    done(await dbMigrate(options, invocation));
  });
}
