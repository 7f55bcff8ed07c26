import type { Diagnostic } from '../../model/diagnostic.ts';
import type { ScreenConfig, ScreenVocabulary } from '../../model/screen-config.ts';
import { isReadable } from '../readable-text.ts';
import type { Report } from '../report-error.ts';
import type { LocatedText } from '../schema/scalar-shapes.ts';
import { createSource } from '../source.ts';
import { parseYaml } from '../yaml/parse-yaml.ts';
import type { YamlMap } from '../yaml/yaml-node.ts';
import { configShape } from './config-shape.ts';
import { reportTakenKeys } from './taken-keys.ts';

/**
 * Reads a person's own configuration of the screen. Never throws. An empty file says nothing.
 * @returns every mistake, in the order of the file, each with its location; the configuration when there is none
 */
export function readScreenConfig(
  text: string,
  file: string,
  vocabulary: ScreenVocabulary,
): { readonly config?: ScreenConfig; readonly diagnostics: readonly Diagnostic[] } {
  const source = createSource(file, text.startsWith('\ufeff') ? text.slice(1) : text);
  const report: Report = { source, diagnostics: [] };
  if (!isReadable(source.text, report, 'is it a configuration of etl-tui?')) return { diagnostics: report.diagnostics };
  const root = parseYaml(report);
  if (root.kind === 'empty') return { config: usualConfig, diagnostics: report.diagnostics };
  const read = configShape(vocabulary).read(root, 'the configuration', report);
  if (read?.keys !== undefined) reportTakenKeys(namedValues<readonly LocatedText[]>(read.keys), vocabulary, report);
  const diagnostics = report.diagnostics.sort(
    (a, b) => (a.at?.line ?? 0) - (b.at?.line ?? 0) || (a.at?.col ?? 0) - (b.at?.col ?? 0),
  );
  if (read === undefined || diagnostics.length > 0) return { diagnostics };
  const { node: _, ...screen } = read.screen ?? { node: undefined };
  const bound = [...namedValues<readonly LocatedText[]>(read.keys)];
  const config: ScreenConfig = {
    ...(read.theme === undefined ? {} : { theme: read.theme }),
    colours: namedValues(read.colors),
    keys: new Map(bound.map(([action, keys]) => [action, keys.map(({ text: key }) => key)])),
    screen,
  };
  return { config, diagnostics };
}

/** What an empty file says. */
export const usualConfig: ScreenConfig = { colours: new Map(), keys: new Map(), screen: {} };

/** The values of a record whose keys are named by the vocabulary. */
function namedValues<Value>(
  record: ({ readonly node: YamlMap } & { readonly [key: string]: unknown }) | undefined,
): ReadonlyMap<string, Value> {
  const { node: _, ...values } = record ?? { node: undefined };
  return new Map(Object.entries(values) as [string, Value][]);
}
