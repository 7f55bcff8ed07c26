import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { planOfOneTask } from '../../capacity/plan-of-one-task.ts';
import { applicationNamePrefix } from '../../database/application-name.ts';
import type { Database } from '../../database/database.ts';
import { type DatabaseStatus, databaseStatus } from '../../database/database-commands.ts';
import { embeddedRoot } from '../../database/embedded/cluster/embedded-directory.ts';
import { locateEmbedded } from '../../database/embedded/open-embedded-server.ts';
import { openDatabase } from '../../database/open-database.ts';
import type { ServerFacts } from '../../database/server-facts.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { makeTemporaryDirectory } from '../../platform/private-files.ts';
import { machineSize } from '../../resources/machine-size.ts';
import { usesDatabase } from '../../run/parts/open-run-database.ts';
import { findScarcity } from '../../run/preflight/find-scarcity.ts';
import { maxParallel } from '../../run/request/run-options.ts';
import type { ExamineRequest, Probe } from '../probe.ts';
import { fine, type ProbeResult, resultFrom, resultOf } from '../probe-result.ts';

/** Sessions of this name are ours, and not those of others. */
const ownRun = 'doctor';
const oldestMajor = 14;

/** Which database a run would use, its version, what may be done in it, and its connections. None is started. */
export const examineDatabase: Probe = async (request) => {
  const { projectDir, env, pipeline } = request;
  const isNeeded = pipeline === undefined || usesDatabase(pipeline.plan, true);
  const status = await databaseStatus({ projectDir, env });
  if (!status.ok) return [unusable(status.error, isNeeded)];
  const { state } = status.value;
  if (state === 'absent' || state === 'stopped')
    return isNeeded
      ? examineEmbedded(request, status.value)
      : [fine('database', 'none is named, and no task or check needs one')];
  const warnings: Diagnostic[] = [];
  const applicationName = `${applicationNamePrefix(ownRun)}watch`;
  const opened = await openDatabase({ projectDir, env, applicationName, onWarning: (one) => warnings.push(one) });
  if (!opened.ok) return [unusable(opened.error, isNeeded)];
  const database = opened.value;
  try {
    const facts = await database.facts();
    const connections = await examineConnections(database, request);
    const told = warnings.map((warning) => resultFrom('database', warning));
    if (facts === undefined)
      return [resultOf('database', 'problem', `${database.description} does not respond`, silent), ...told];
    // In the project's own, tasks log in as its owner.
    const rights = database.source === 'embedded' ? [] : [examineRights(facts)];
    return [examineServer(database, facts), ...told, ...rights, ...connections];
  } finally {
    await database.close();
  }
};

const silent = "see the server's log; etl-tui capacity --wait --timeout 10m waits for it";

/** A pipeline that names no database runs without it. */
function unusable(error: Diagnostic, isNeeded: boolean): ProbeResult {
  return resultFrom('database', error, isNeeded ? 'problem' : 'warning');
}

/** The project's own that is not running: whether it could be started. */
async function examineEmbedded(
  { projectDir, env, pipeline }: ExamineRequest,
  status: Extract<DatabaseStatus, { readonly state: 'absent' | 'stopped' }>,
): Promise<readonly ProbeResult[]> {
  const directory = relative(projectDir, status.directory) || '.';
  const spare = makeTemporaryDirectory(join(tmpdir(), 'etl-tui-doctor-'));
  try {
    const found = await locateEmbedded({ root: embeddedRoot(projectDir, env), env }, join(spare, 'lib'));
    // Without a pipeline nobody needs it yet.
    if (!found.ok) return [resultFrom('database', found.error, pipeline === undefined ? 'warning' : 'problem')];
    const { version } = found.value.binaries;
    const when =
      status.state === 'stopped' ? `stopped, its data is in ${directory}` : `the first run creates it in ${directory}`;
    return [fine('database', `the project's own PostgreSQL ${version}: ${when}`)];
  } finally {
    rmSync(spare, { recursive: true, force: true });
  }
}

function examineServer({ source, description }: Database, { version, major, isReadOnly }: ServerFacts): ProbeResult {
  const found = source === 'embedded' ? description : `${description}, version ${version}`;
  if (isReadOnly)
    return resultOf('database', 'problem', `${found}: nothing can be written there`, 'name the primary server');
  if (major >= oldestMajor) return fine('database', found);
  return resultOf(
    'database',
    'warning',
    `${found}: older than ${oldestMajor}`,
    'checks then have the rights of the login; upgrade when you can',
  );
}

function examineRights(facts: ServerFacts): ProbeResult {
  const { role, schema, mayCreateTables, mayCreateSchemas, mayCreateDatabases, seesOthers } = facts;
  const rights = [
    ...(mayCreateTables ? [`tables in "${schema}"`] : []),
    ...(mayCreateSchemas ? ['schemas'] : []),
    ...(mayCreateDatabases ? ['databases'] : []),
  ];
  const may = `"${role}" may create ${rights.length === 0 ? 'nothing' : rights.join(', ')}`;
  if (!mayCreateTables) {
    const where = schema === null ? 'its search path leads to no schema' : `none in "${schema}"`;
    const grant = schema === null ? 'set its search_path' : `GRANT CREATE ON SCHEMA "${schema}" TO "${role}"`;
    return resultOf(
      'rights',
      'warning',
      `${may}: no tables, ${where}`,
      `${grant}, unless tasks write into other schemas`,
    );
  }
  if (!seesOthers) {
    return resultOf(
      'rights',
      'warning',
      `${may}; it cannot tell sessions of others apart`,
      `GRANT pg_read_all_stats TO "${role}"`,
    );
  }
  return fine('rights', may);
}

async function examineConnections(database: Database, { pipeline }: ExamineRequest): Promise<readonly ProbeResult[]> {
  const counted = await database.connections(ownRun);
  if (counted === undefined) return [];
  const plan = pipeline?.plan ?? planOfOneTask();
  const connections = { used: counted.total, limit: counted.limit, ours: counted.ofRun };
  const supplies = { connections, maxParallel: maxParallel({ plan }, machineSize().cores) };
  const warnings = findScarcity(plan, supplies).map((warning) => resultFrom('connections', warning));
  const most = database.budget(plan.pipeline.limits.dbConnections);
  const others = counted.total - counted.ofRun;
  return warnings.length === 0
    ? [fine('connections', `others hold ${others} of ${counted.limit}; tasks may hold up to ${most}`)]
    : warnings;
}
