// A plugin of esbuild. Every module that is imported late would become a chunk of its own, and what several of them share
// one for each combination: hundreds of small files, which take longer to find than to read. What is mostly needed together
// is imported together.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** What a shell waits for at Tab stays alone. By the name of a group, the modules in it, relative to the checkout. */
const groups = {
  'commands-for-pipelines': /^src\/cli\/commands\/(capacity|completion|doctor|graph|init|plan|schema|validate)\.ts$/,
  'commands-for-runs': /^src\/cli\/commands\/(check|request|run|verify|watch)\.ts$/,
  'commands-for-stored-runs': /^src\/cli\/commands\/(handoffs|history|logs|prune|replay|report|show|trends)\.ts$/,
  run: /^src\/engine\/(run|pipeline)\/(?!shared\/|parts\/(queue|slurm)-)/,
  // Who runs tasks on one machine does not load what it takes for many.
  'shared-runs': /^src\/engine\/run\/(shared\/|parts\/queue-)/,
  runs: /^src\/engine\/(runs|requests)\//,
};

/** @param root absolute; the checkout */
export function groupImports(root) {
  const members = findMembers(root);
  return {
    name: 'group-imports',
    setup(build) {
      build.onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ kind, path, resolveDir, namespace }) => {
        if (kind !== 'dynamic-import' || namespace !== 'file') return undefined;
        const group = groupOf(relative(root, join(resolveDir, path)));
        return group === undefined ? undefined : { path: group, namespace: 'group' };
      });
      build.onLoad({ filter: /.*/, namespace: 'group' }, ({ path }) => ({
        contents: members
          .get(path)
          .map((file) => `export * from './${file}';`)
          .join('\n'),
        resolveDir: root,
      }));
    },
  };
}

function groupOf(file) {
  return Object.keys(groups).find((name) => groups[name].test(file));
}

/** By the name of each group, the modules of it that are imported late somewhere. Throws when two of them export one name. */
function findMembers(root) {
  const sources = readdirSync(join(root, 'src'), { recursive: true })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => join(root, 'src', path));
  const late = sources.flatMap((source) =>
    [...readFileSync(source, 'utf8').matchAll(/\bimport\('(\.[^']+\.ts)'\)/g)].map(([, path]) =>
      relative(root, join(dirname(source), path)),
    ),
  );
  const members = new Map();
  for (const file of [...new Set(late)].sort()) {
    const group = groupOf(file);
    if (group !== undefined) members.set(group, [...(members.get(group) ?? []), file]);
  }
  for (const [group, files] of members) {
    const names = files.flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/^export (?:async )?(?:function|const|class) (\w+)/gm)].map(
        ([, name]) => name,
      ),
    );
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) throw new Error(`two modules of the group ${group} export ${twice}`);
  }
  return members;
}
