import { type Report, reportError } from '../report-error.ts';
import { valueRange } from '../schema/record-shape.ts';
import type { CollectedTask } from './collect-tasks.ts';

/** Reports a task that could never be reused, or always. */
export function checkReuse(task: CollectedTask, report: Report): void {
  const { record, level, after, name } = task;
  if (record === undefined) return;
  const { inputs = [], outputs = [], reuse, dependencies = [] } = record;
  const both = inputs.find((path) => outputs.includes(path));
  if (both !== undefined) {
    reportError(report, {
      code: 'spec/bad-value',
      at: valueRange(record.node, 'inputs'),
      message: `"${both}" is an input and an output of task "${name}", so every run would make another run necessary`,
      hint: 'list it only under "outputs"',
    });
  }
  const waits = dependencies.length + (level?.dependencies.length ?? 0) > 0 || after !== undefined;
  if (reuse !== true || inputs.length + outputs.length > 0 || waits) return;
  reportError(report, {
    code: 'spec/bad-value',
    at: valueRange(record.node, 'reuse'),
    message: `task "${name}" would never run again: it has no inputs, outputs or dependencies`,
    hint: 'add "inputs", "outputs" or "dependencies", or remove "reuse"',
  });
}
