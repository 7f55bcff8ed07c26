import { duration } from './duration-shape.ts';
import { reportValue, type Shape, textSchema } from './shape.ts';

/** A time limit in milliseconds, or as a multiple of what the task usually takes. */
export type Timeout = number | { readonly ofMedian: number };

const plain = duration({ zero: false });
const percentages = '(10[1-9]|1[1-9]\\d|[2-9]\\d\\d|[1-9]\\d{3})%';
const pattern = new RegExp(`^${percentages}$`);

/** A duration, or a percentage above 100 of the median of earlier runs: `300%`. */
export const timeout: Shape<Timeout> = {
  schema: { anyOf: [plain.schema, textSchema(pattern, 'a percentage from 101% to 9999%', '300%')] },
  read: (node, label, report) => {
    if (node.kind !== 'scalar' || !node.text.endsWith('%')) return plain.read(node, label, report);
    if (pattern.test(node.text)) return { ofMedian: Number(node.text.slice(0, -1)) / 100 };
    const hint = 'write a whole percentage: 300% is three times the median of earlier runs';
    return reportValue(report, node, `${label} must be from 101% to 9999%, not ${node.text}`, hint);
  },
};
