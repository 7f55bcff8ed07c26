import type { Command } from 'commander';
import { addLook } from './display-options.ts';
import type { DisplayOptions, Done, Invocation } from './invocation.ts';

export function addDb(program: Command, invocation: Invocation, done: Done): void {
  const db = program
    .command('db')
    .summary("start, stop and look at the project's own PostgreSQL")
    .description(
      "The project's own PostgreSQL. When DATABASE_URL (or PGHOST, PGSERVICE and their kin) names a database, that one is used and this one is not.",
    );
  const commands = [
    ['start', 'start it and keep it running', 'dbStart'],
    ['stop', 'stop it; while a run uses it, it stops after that run', 'dbStop'],
    ['status', 'where it is, whether it runs, who uses it', 'dbStatus'],
    ['url', 'its address, with the password', 'dbUrl'],
  ] as const;
  for (const [name, description, action] of commands) {
    addLook(db.command(name).description(description)).action(async (options: DisplayOptions) => {
      const actions = await import('./commands/db.ts');
      done(await actions[action](options, invocation));
    });
  }
  const psql = db
    .command('psql')
    .description('a psql session in it; the exit code is that of psql')
    .argument('[ARGS...]', "for psql, after --: etl-tui db psql -- -c 'select 1'");
  addLook(psql).action(async (args: readonly string[], options: DisplayOptions) => {
    const { dbPsql } = await import('./commands/db.ts');
    done(await dbPsql(args, options, invocation));
  });
  addLook(
    db
      .command('sql')
      .description(
        'execute files of SQL, each in one transaction; needs no psql. Rows go to standard output, separated by tabs. "-" is standard input',
      )
      .argument('<FILE...>', 'one after the other, until one fails'),
  ).action(async (files: string[], options: DisplayOptions) => {
    const { dbSql } = await import('./commands/db-sql.ts');
    done(await dbSql(files, options, invocation));
  });
}
