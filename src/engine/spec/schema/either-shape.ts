import { reportType, type Shape } from './shape.ts';

type Forms<Text, List, Map> = {
  readonly wanted: string;
  readonly text?: Shape<Text>;
  readonly list?: Shape<List>;
  readonly map?: Shape<Map>;
};

/** One of several shapes, chosen by the kind of the YAML node: a scalar, a list or a mapping. */
export function either<Text = never, List = never, Map = never>(
  forms: Forms<Text, List, Map>,
): Shape<Text | List | Map> {
  const shapes: readonly Shape<Text | List | Map>[] = [forms.text, forms.list, forms.map].filter(
    (shape) => shape !== undefined,
  );
  return {
    schema: { anyOf: shapes.map((shape) => shape.schema) },
    read: (node, label, report) => {
      const shape = node.kind === 'scalar' ? forms.text : node.kind === 'list' ? forms.list : forms.map;
      if (shape === undefined || node.kind === 'empty') return reportType(report, node, label, forms.wanted);
      return node.kind === 'broken' ? undefined : shape.read(node, label, report);
    },
  };
}
