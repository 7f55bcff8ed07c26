import type { ScreenAction, ScreenVocabulary } from '../../model/screen-config.ts';
import type { TextColour } from '../../model/text/text-look.ts';
import { type Field, type RecordOf, record } from '../schema/record-shape.ts';
import { flag, type LocatedText, oneOf } from '../schema/scalar-shapes.ts';
import { type JsonSchema, reportValue, type Shape } from '../schema/shape.ts';
import type { YamlEntry } from '../yaml/yaml-node.ts';
import { colour } from './colour-shape.ts';
import { keys } from './key-shape.ts';

const screenFields = {
  ascii: { shape: flag, describes: 'Icons and lines in ASCII only, as with --ascii.', absent: false },
  mouse: {
    shape: flag,
    describes: 'The wheel scrolls and a click selects from the start, without pressing the key for it.',
    absent: false,
  },
  bell: { shape: flag, describes: 'Whether the bell rings when a run has failed.', absent: true },
} as const;

type ByName<Value> = RecordOf<Record<string, Field<Value>>>;

function configFields({ actions, colours }: ScreenVocabulary) {
  const bound: Record<string, Field<readonly LocatedText[]>> = {};
  for (const { name, describes, keys: usual, isFixed } of actions)
    if (!isFixed) bound[name] = { shape: keys, describes, absent: usual };
  const tinted: Record<string, Field<TextColour>> = {};
  for (const [name, describes] of Object.entries(colours)) tinted[name] = { shape: colour, describes };
  return {
    theme: {
      shape: oneOf(['auto', 'dark', 'light']),
      describes: 'For a dark background, for a light one, or as the terminal says by COLORFGBG.',
      absent: 'auto',
    },
    colors: {
      shape: record('"colors"', tinted) as Shape<ByName<TextColour>>,
      describes: 'Colours in place of those of the theme.',
      synonym: 'colours',
    },
    keys: {
      shape: withoutFixed(record('"keys"', bound) as Shape<ByName<readonly LocatedText[]>>, actions),
      describes: 'The keys of an action, in place of its usual ones.',
    },
    screen: { shape: record('"screen"', screenFields), describes: 'How screens begin.' },
  } as const;
}

/** Tells why the actions that have the same key for everybody cannot be given another. */
function withoutFixed<Value>(shape: Shape<Value>, actions: readonly ScreenAction[]): Shape<Value> {
  return {
    schema: shape.schema,
    read: (node, label, report) => {
      if (node.kind !== 'map') return shape.read(node, label, report);
      const fixedOf = ({ key }: YamlEntry) => actions.find(({ name, isFixed }) => isFixed && name === key);
      const entries = node.entries.filter((entry) => {
        const fixed = fixedOf(entry);
        if (fixed !== undefined)
          reportValue(report, entry.at, `"${fixed.name}" keeps its key, which is ${fixed.keys.join(' and ')}`);
        return fixed === undefined;
      });
      return shape.read({ ...node, entries }, label, report);
    },
  };
}

export function configShape(vocabulary: ScreenVocabulary) {
  return record('the configuration', configFields(vocabulary));
}

/** The JSON Schema of the file, for editors. */
export function configSchema(vocabulary: ScreenVocabulary): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    ...configShape(vocabulary).schema,
    title: 'etl-tui configuration',
  };
}
