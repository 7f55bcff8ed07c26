import { describeAwaited, describeCommand, type Plan } from '../engine/index.ts';
import { formatLimit } from './format/format-duration.ts';

type Spec = Plan['tasks'][number]['spec'];

/** What a task waits for outside the run: `file in/orders.csv, checked every 1m, at most 12h; then it is skipped`. */
export function waitForText({ waitFor }: Spec): string | undefined {
  if (waitFor === undefined) return undefined;
  const limit = `checked every ${formatLimit(waitFor.everyMs)}, at most ${formatLimit(waitFor.timeoutMs)}`;
  const then = waitFor.onTimeout === 'skip' ? '; then it is skipped' : '';
  return `${describeAwaited(waitFor.for)}, ${limit}${then}`;
}

/** By what it is decided whether a task is needed: `./is-newer; otherwise its downstream is not needed either`. */
export function onlyIfText({ onlyIf }: Spec): string | undefined {
  if (onlyIf === undefined) return undefined;
  return `${describeCommand(onlyIf.command)}${onlyIf.otherwise === 'stop' ? '; otherwise its downstream is not needed either' : ''}`;
}

/** One line for each condition of the tasks of a plan, in the order in which they start: `load: waits for file in/a.csv, …`. */
export function conditionLines({ tasks, order }: Plan): readonly string[] {
  return order.flatMap((index) => {
    const { spec, skip } = tasks[index]!;
    const [waited, asked] = [waitForText(spec), onlyIfText(spec)];
    if (skip) return [];
    return [
      ...(waited === undefined ? [] : [`${spec.id}: waits for ${waited}`]),
      ...(asked === undefined ? [] : [`${spec.id}: only if ${asked}`]),
    ];
  });
}
