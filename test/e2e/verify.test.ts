import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { expectCleanAftermath } from '../support/aftermath.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { projectRoot } from '../support/project-root.ts';
import { createProject, type Project } from './command-line.ts';

// Each of these calls runs tasks many times.
vi.setConfig({ testTimeout: 300_000 });

/** The database of the user: verify creates its own beside it, and never touches this one. */
let database: TestDatabase;
let client: pg.Client;
let project: Project | undefined;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});

afterAll(async () => {
  await client?.end();
  await database?.close();
});

afterEach(async () => {
  project?.remove();
  project = undefined;
  expect(await scratchDatabases()).toEqual([]);
  const { rows } = await client.query("SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace");
  expect(rows).toEqual([]);
});

async function scratchDatabases(): Promise<readonly string[]> {
  const { rows } = await client.query<{ datname: string }>(
    // Others on this server may be those of another test.
    `SELECT datname FROM pg_database WHERE datname ~ ('^etl_tui_[a-z]+_' ||
       (SELECT oid FROM pg_database WHERE datname = current_database()) || '_')`,
  );
  return rows.map(({ datname }) => datname);
}

/** Runs one statement, or a program that may use `query` and `pause`. */
const runner = `
const pg = require(${JSON.stringify(join(projectRoot, 'node_modules/pg'))});
(async () => {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  const query = async (sql) => (await client.query(sql)).rows;
  const pause = (ms) => new Promise((go) => setTimeout(go, ms));
  await new (Object.getPrototypeOf(async () => {}).constructor)('query', 'pause', 'require', process.argv[2])(query, pause, require);
  await client.end();
})().catch((error) => { console.error(error.message); process.exit(1); });
`;

type Task = {
  readonly does: string;
  readonly after?: readonly string[];
  readonly outputs?: readonly string[];
  readonly matrix?: object;
};

function createPipeline(tasks: Readonly<Record<string, Task>>, more: object = {}): Project {
  const written = Object.entries(tasks).map(([name, { does, after = [], outputs = [], matrix }]) => [
    name,
    {
      command: ['node', 'task.cjs', does],
      dependencies: after,
      outputs,
      connections: 1,
      ...(matrix === undefined ? {} : { matrix }),
    },
  ]);
  const made = createProject(
    JSON.stringify({ version: 1, name: 'proved', tasks: Object.fromEntries(written), ...more }),
  );
  writeFileSync(join(made.directory, 'task.cjs'), runner);
  project = made;
  return made;
}

const verify = (made: Project, ...options: readonly string[]) =>
  made.call(['verify', ...options], { DATABASE_URL: database.url });

const upsert = (table: string, select: string) =>
  `await query("CREATE TABLE IF NOT EXISTS ${table} (day int PRIMARY KEY, amount int, loaded_at timestamptz DEFAULT now())");
   await query("INSERT INTO ${table} (day, amount) ${select} ON CONFLICT (day) DO UPDATE SET amount = excluded.amount, loaded_at = now()");`;

const orders = { does: upsert('orders', 'SELECT i, i * 10 FROM generate_series(1, 5) i') };

describe('a pipeline that gives the same data every time', () => {
  test('passes every proof, its outputs are put back, and nothing is left', async () => {
    const write = `require('fs').writeFileSync('out/rates.csv', JSON.stringify(await query('SELECT day, amount FROM rates')));`;
    const ofRun = `require('fs').writeFileSync(process.env.ETL_RUN_DIR + '/rates.txt', 'rates');`;
    const made = createPipeline({
      orders,
      rates: {
        does: `${upsert('rates', 'SELECT i, 2 FROM generate_series(1, 5) i')} ${write} ${ofRun}`,
        outputs: ['out/rates.csv', '$ETL_RUN_DIR/rates.txt'],
      },
    });
    mkdirSync(join(made.directory, 'out'));
    writeFileSync(join(made.directory, 'out/rates.csv'), 'of the user');
    const { code, out, err } = await verify(made, '--kills', '1', '--seed', '7');
    expect(err).toBe('');
    expect(out).toContain('2 tasks in databases of their own on PostgreSQL at postgres://etl@');
    expect(out).toMatch(/✓ 2\/2 rates: [\d.]+s alone; killed (once|0 times).*: same data; run twice: same data/);
    expect(out).toContain('✓ independent tasks in the opposite order: 1 of 1 pair ran in both orders');
    expect(out).toMatch(/the same data every time \(2 tasks, 2 tables, in /);
    expect(out).toContain('they hold the time of loading: orders.loaded_at, rates.loaded_at');
    expect(out).toContain('seed 7');
    expect(code).toBe(0);
    expect(readFileSync(join(made.directory, 'out/rates.csv'), 'utf8')).toBe('of the user');
    expect(existsSync(join(made.directory, 'logs'))).toBe(false);
    expect(readdirSync(join(made.directory, '.etl-tui/verify'))).toEqual([]);
  });
});

describe('a pipeline with a matrix from a file', () => {
  const days = { day: { lines: 'days.txt', from: 'list' } };
  const list = { does: "require('fs').writeFileSync('days.txt', '1\\n2\\n3\\n')", outputs: ['days.txt'] };
  const load = (statement: string) => ({
    does: `await query("CREATE TABLE IF NOT EXISTS days (day int, amount int)").catch(() => undefined);
      await query(${statement});
      require('fs').writeFileSync('day-' + process.env.ETL_MATRIX_DAY + '.csv', 'x');`,
    outputs: ['day-${matrix:day}.csv'],
    matrix: days,
  });
  const again = '"DELETE FROM days WHERE day = " + process.env.ETL_MATRIX_DAY + ";" + ';
  const insert = '"INSERT INTO days VALUES (" + process.env.ETL_MATRIX_DAY + ", 5)"';
  const sums = { does: upsert('sums', 'SELECT 1, sum(amount) FROM days'), after: ['load'] };

  test('is proved with all instances of a task together', async () => {
    const made = createPipeline({ list, load: load(again + insert), sums });
    const { code, out, err } = await verify(made, '--kills', '1', '--seed', '7');
    expect(err).toBe('');
    expect(out).toMatch(/✓ 2\/3 load\[day=\*\]: [\d.]+s alone; .*run twice: same data/);
    expect(out).toMatch(/the same data every time \(3 tasks, 2 tables, in /);
    expect(code).toBe(0);
    expect(readdirSync(made.directory).filter((name) => name.startsWith('day'))).toEqual([]);
  });

  test('names the task whose instances load twice', async () => {
    const made = createPipeline({ list, load: load(insert), sums });
    const { code, out } = await verify(made, '--no-parallel', '--no-order', '--no-kill');
    expect(out).toContain('✗ load[day=*] is not idempotent: when it runs a second time, days has 6 rows instead of 3');
    expect(code).toBe(1);
  });
});

describe('a pipeline that does not', () => {
  test('an INSERT without a key is named, with rows that are there twice, and its downstream is judged by itself', async () => {
    const made = createPipeline({
      load: {
        does: `await query("CREATE TABLE IF NOT EXISTS payments (id serial PRIMARY KEY, amount int, payer text)");
          await query("INSERT INTO payments (amount, payer) SELECT i, '" + process.env.PAYER_TOKEN + "' FROM generate_series(1, 3) i");`,
      },
      total: { does: upsert('totals', 'SELECT 1, sum(amount) FROM payments'), after: ['load'] },
    });
    const options = ['verify', '--no-parallel', '--no-order', '--no-kill'];
    const env = { DATABASE_URL: database.url, PAYER_TOKEN: 'kanarienvogel' };
    const ended = made.call(options, env);
    await expectCleanAftermath({ directory: made.directory, ended, exitCodes: [1], canaries: ['kanarienvogel'] });
    const { out } = await ended;
    expect(out).toContain(
      '✗ load is not idempotent: when it runs a second time, payments has 6 rows instead of 3: every row occurs twice',
    );
    expect(out).toContain('2 times instead of 1: amount=1 payer="***"');
    expect(out).toContain('hint: give the table a key and load with ON CONFLICT');
    expect(out).toMatch(/✓ 2\/2 total: .* run twice: same data/);
  });

  test('two tasks whose order matters are named, although one order alone always gives the same', async () => {
    const made = createPipeline({
      rates: { does: upsert('rates', 'SELECT i, 2 FROM generate_series(1, 3) i') },
      orders: {
        does: `await query("CREATE TABLE IF NOT EXISTS rates (day int PRIMARY KEY, amount int, loaded_at timestamptz DEFAULT now())");
          ${upsert('orders', 'SELECT i, i * coalesce((SELECT amount FROM rates WHERE day = i), 1) FROM generate_series(1, 3) i')}`,
      },
      mart: { does: upsert('mart', 'SELECT 1, sum(amount) FROM orders'), after: ['orders'] },
    });
    const { code, out } = await verify(made, '--no-parallel', '--no-twice', '--no-kill');
    expect(out).toContain(
      '✗ a dependency is missing: when independent tasks run in the opposite order, orders has different data: ' +
        '3 rows with different values; "orders" writes it, and no dependency says whether "rates" runs before or after it',
    );
    expect(out).toContain('day=1: amount is 1 instead of 2');
    expect(out).toContain('also different, because they depend on it: mart');
    expect(code).toBe(1);
  });

  test('a load in several transactions that is killed between them is named, with the rows that it lacks', async () => {
    const made = createPipeline({
      load: {
        does: `await query("CREATE TABLE IF NOT EXISTS days (day int PRIMARY KEY)");
          if ((await query("SELECT 1 FROM days")).length > 0) return;
await query("INSERT INTO days VALUES (1)"); await pause(3500);
          await query("INSERT INTO days SELECT i FROM generate_series(2, 20) i");`,
      },
    });
    const { code, out } = await verify(made, '--no-parallel', '--no-order');
    expect(out).toMatch(
      /✗ load does not survive a kill: when it runs again after a kill, days has \d+ rows? instead of 20: \d+ rows? missing/,
    );
    expect(out).toMatch(/missing: day=\d+/);
    expect(out).toMatch(/✗ 1\/1 load: .*killed .*: OTHER DATA; run twice: same data/);
    expect(code).toBe(1);
  });

  test('a task that fails when it is run again says so in its own words, for programs as well', async () => {
    const made = createPipeline({ load: { does: 'await query("CREATE TABLE days (day int)");' } });
    const { code, out, err } = await verify(made, '--no-parallel', '--no-order', '--no-kill', '--json');
    expect(err).toBe('');
    expect(JSON.parse(out)).toMatchObject({
      pipeline: 'proved',
      verdict: 'differs',
      proofs: ['twice'],
      tasks: [{ task: 'load', twice: 'failed', killed: 'not_tried', writes: ['days'] }],
      findings: [
        {
          proof: 'twice',
          tasks: ['load'],
          message: 'load is not idempotent: when it runs a second time, it fails: exit code 1',
          failure: { output: expect.stringContaining('relation "days" already exists') },
        },
      ],
    });
    expect(code).toBe(1);
  });

  test('a task that fails by itself ends the proof, with its output', async () => {
    const made = createPipeline({ load: { does: 'await query("SELECT * FROM of_somebody_else");' }, next: orders });
    const { code, out } = await verify(made, '--no-kill');
    expect(out).toContain('✗ load fails when it runs alone, in an empty database: exit code 1');
    expect(out).toContain('relation "of_somebody_else" does not exist');
    expect(code).toBe(1);
  });
});

test('only what is chosen is run twice, on what it needs; what is asked for is not compared', async () => {
  const made = createPipeline(
    {
      load: orders,
      stamp: {
        does:
          upsert('stamps', 'SELECT 1, count(*) FROM orders') +
          'await query("UPDATE stamps SET amount = amount + (random() * 1000)::int");',
        after: ['load'],
      },
      other: orders,
    },
    { verify: { ignore: ['stamps.amount'] } },
  );
  const { code, out } = await verify(made, '--only', 'stamp', '--no-kill', '--no-parallel', '--ignore', 'nothing.x');
  expect(out).toMatch(/✓ 1\/2 load: [\d.]+s alone\n/);
  expect(out).toMatch(/✓ 2\/2 stamp: .*run twice: same data/);
  expect(out).not.toContain('other:');
  expect(out).toContain('not compared, as asked: stamps.amount');
  expect(out).toContain('in --ignore, but in no table: nothing.x');
  expect(out).toContain('independent tasks in the opposite order: no two tasks are independent');
  expect(code).toBe(0);
});

describe('when it is ended early', () => {
  const slow = {
    does: 'await query("CREATE TABLE IF NOT EXISTS t (x int)"); await pause(20000);',
    outputs: ['out.txt'],
  };

  test('by Ctrl-C, it leaves nothing behind and puts outputs back', async () => {
    const made = createPipeline({ quick: orders, slow: { ...slow, after: ['quick'] } });
    writeFileSync(join(made.directory, 'out.txt'), 'of the user');
    const run = made.start(['verify', '--no-parallel', '--no-kill'], { DATABASE_URL: database.url });
    await run.says('1/2 quick');
    run.child.kill('SIGINT');
    await expectCleanAftermath({ directory: made.directory, ended: run.ended, exitCodes: [130] });
    expect((await run.ended).out).toContain('stopped after');
    expect(readFileSync(join(made.directory, 'out.txt'), 'utf8')).toBe('of the user');
  });

  test('by SIGKILL, the next one drops what it has left', async () => {
    const made = createPipeline({ quick: orders, slow: { ...slow, after: ['quick'] } });
    const run = made.start(['verify', '--no-parallel', '--no-kill'], { DATABASE_URL: database.url });
    await run.says('1/2 quick');
    run.child.kill('SIGKILL');
    await expectCleanAftermath({ directory: made.directory, ended: run.ended, exitCodes: [null] });
    expect(await scratchDatabases()).not.toEqual([]);
    const again = createPipeline({ quick: orders });
    expect((await verify(again, '--no-parallel', '--no-kill', '--no-order')).code).toBe(0);
    made.remove();
  });
});

describe('before anything is created', () => {
  test('a role that may not create databases is told what to do, and may work in schemas', async () => {
    const { superuserUrl } = database;
    if (superuserUrl === undefined) return;
    const admin = new pg.Client({ connectionString: superuserUrl });
    await admin.connect();
    const role = `poor_${process.pid}`;
    const name = new URL(database.url).pathname.slice(1);
    await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'geheim-1234'; GRANT CREATE ON DATABASE ${name} TO ${role}`);
    try {
      const url = new URL(database.url);
      url.username = role;
      url.password = 'geheim-1234';
      const env = { DATABASE_URL: url.href };
      const made = createPipeline({
        load: {
          does: `await query("CREATE TABLE IF NOT EXISTS days (day int)"); await query("INSERT INTO days VALUES (1), (2)");`,
        },
        sums: { does: upsert('sums', 'SELECT 1, count(*) FROM days'), after: ['load'] },
      });
      const refused = await made.call(['verify'], env);
      expect(refused.err).toContain(`The role "${role}" may not create databases`);
      expect(refused.err).toContain(`ALTER ROLE ${role} CREATEDB`);
      expect(refused.err).not.toContain('geheim');
      expect(refused.code).toBe(3);
      const { code, out } = await made.call(['verify', '--in-schemas', '--no-parallel', '--no-kill'], env);
      expect(out).toContain('runs a second time, days has 4 rows instead of 2: every row occurs twice');
      expect(out).toMatch(/✓ 2\/2 sums: .*run twice: same data/);
      expect(code).toBe(1);
      const { rows } = await client.query("SELECT 1 FROM pg_namespace WHERE nspname LIKE 'etl_tui_%'");
      expect(rows).toEqual([]);
    } finally {
      await admin.query(`REVOKE ALL ON DATABASE ${name} FROM ${role}; DROP ROLE ${role}`);
      await admin.end();
    }
  });

  test('a task that names a schema is stopped at the first row that it writes outside', async () => {
    const made = createPipeline({
      load: { does: 'await query("INSERT INTO mine.orders VALUES (1)");' },
      next: { does: 'require("fs").writeFileSync("ran", "")', after: ['load'] },
    });
    await client.query('CREATE SCHEMA mine; CREATE TABLE mine.orders (x int)');
    const { code, err } = await verify(made, '--in-schemas', '--no-parallel');
    await client.query('DROP SCHEMA mine CASCADE');
    expect(err).toContain('"load" ran in its own schema, but rows in other schemas were written: mine.orders');
    expect(existsSync(join(made.directory, 'ran'))).toBe(false);
    expect(code).toBe(3);
  });

  test('a database that is not there is told, with exit code 3', async () => {
    const { code, err } = await createPipeline({ orders }).call(['verify'], {
      DATABASE_URL: 'postgres://u@127.0.0.1:1/d',
    });
    expect(err).toContain('database/unreachable');
    expect(code).toBe(3);
  });
});
