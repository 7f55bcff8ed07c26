import { basename } from 'node:path';
import { findProgram } from '../../executors/process/find-program.ts';
import { programVersion } from '../../executors/process/program-version.ts';
import type { Command } from '../../model/pipeline/pipeline.ts';
import type { Plan } from '../../model/pipeline/plan.ts';
import { missingProgram } from '../../run/preflight/find-missing-programs.ts';
import { firstNames } from '../../run/preflight/first-names.ts';
import { commandsOf, locatePrograms } from '../../run/preflight/locate-programs.ts';
import { expandEnv } from '../../run/request/resolve-params.ts';
import type { ExamineRequest, Probe } from '../probe.ts';
import { fine, type ProbeResult, resultFrom, resultOf } from '../probe-result.ts';

/** Programs whose version matters, by the beginning of their names. */
const versioned = /^(?:psql|python[\d.]*|Rscript|R)$/;

/** The same in a script, where they may stand anywhere: the letter R alone is no sign of a program. */
const mentions = /(?<![\w./$-])(psql|python(?:\d(?:\.\d+)?)?|Rscript|R(?= CMD\b))(?![\w.=/-])/g;

/** Whether the programs are there that commands name, and which psql, Python and R these are. */
export const examinePrograms: Probe = async ({ pipeline, projectDir, env }) => {
  if (pipeline === undefined) return [];
  const { plan, params } = pipeline;
  const named = locatePrograms({ plan, projectDir, params, runChecks: true }, env);
  const missing = named.filter(({ path }) => path === undefined);
  const places = new Map(named.flatMap(({ name, path }) => (path === undefined ? [] : [[path, name] as const])));
  const inScripts = [...mentionsIn(plan)].filter(([name]) => !named.some((one) => basename(one.name) === name));
  const written = plan.pipeline.env['PATH'];
  const searched = written === undefined ? env : { PATH: expandEnv({ PATH: written }, params, env)['PATH'] };
  const lost: ProbeResult[] = [];
  for (const [name, users] of inScripts) {
    const path = findProgram(name, searched);
    if (path !== undefined) places.set(path, name);
    else
      lost.push(
        resultOf('program', 'warning', `${name} is not on the PATH; ${firstNames(users)} may need it`, install),
      );
  }
  const isAsked = ([path, name]: readonly [string, string]) => versioned.test(basename(path)) || versioned.test(name);
  const versions = await Promise.all([...places].filter(isAsked).map(([path, name]) => versionOf(name, path, env)));
  const others = [...places].filter((place) => !isAsked(place)).map(([, name]) => name);
  return [
    ...missing.map((program) => ({ ...resultFrom('program', missingProgram(program), 'problem'), advice: install })),
    ...lost,
    ...versions,
    ...(others.length === 0 ? [] : [fine('program', `${firstNames([...new Set(others)])}: found`)]),
  ];
};

const install = 'install it, or put its directory on the PATH of the tasks (env: { PATH: … })';

async function versionOf(name: string, path: string, env: ExamineRequest['env']): Promise<ProbeResult> {
  const version = await programVersion(path, env);
  if (!version.ok) return resultOf('program', 'problem', `${name} does not run (${path}): ${version.error}`, repair);
  return fine('program', `${[name, version.value].filter(Boolean).join(' ')}, ${path}`);
}

const repair = 'call it by hand to see what it lacks; a virtual environment that was moved has to be made again';

/** Programs that scripts mention, and the tasks and checks whose scripts these are. */
function mentionsIn({ tasks, checks }: Plan): ReadonlyMap<string, readonly string[]> {
  const users = new Map<string, Set<string>>();
  const look = (user: string, command: Command) => {
    if (command.kind !== 'shell') return;
    for (const [, name = ''] of command.script.matchAll(mentions)) {
      users.set(name, (users.get(name) ?? new Set()).add(user));
    }
  };
  for (const { spec, skip } of tasks) if (!skip) for (const command of commandsOf(spec)) look(spec.id, command);
  for (const { spec } of checks) if (spec.definition.kind === 'command') look(spec.name, spec.definition.command);
  return new Map([...users].map(([name, of]) => [name, [...of]]));
}
