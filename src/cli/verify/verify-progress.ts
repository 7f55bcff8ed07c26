import { formatDuration } from '../../display/format/format-duration.ts';
import { displayText, type TaskProof, unreachable, type VerifyStep } from '../../engine/index.ts';
import type { Output } from '../output/output.ts';
import type { Style } from '../output/style.ts';
import { proofName } from './proof-names.ts';

type Follower = {
  readonly onStep: (step: VerifyStep) => void;
  /** Takes away the line that tells what is being done. */
  readonly clear: () => void;
};

/**
 * Prints a line for each step that is done. On a terminal a line on standard error says what is being done, and is
 * replaced by the next one.
 * @param out undefined when only the result is to be printed there
 */
export function followVerify({
  out,
  err,
  style,
}: {
  readonly out: Output | undefined;
  readonly err: Output;
  readonly style: Style;
}): Follower {
  let isShown = false;
  const clear = () => {
    if (isShown) err.write('\r\u001b[K');
    isShown = false;
  };
  const say = (line: string) => {
    clear();
    out?.write(`${displayText(line)}\n`);
  };
  const icon = (isGood: boolean) =>
    isGood ? style.paint.green(style.icons.succeeded) : style.paint.red(style.icons.failed);
  const done = (isGood: boolean, text: string) => {
    clear();
    out?.write(`${icon(isGood)} ${displayText(text)}\n`);
  };
  return {
    clear,
    onStep: (step) => {
      switch (step.kind) {
        case 'begun':
          say(`${step.tasks === 1 ? '1 task' : `${step.tasks} tasks`} in databases of their own on ${step.server}`);
          return;
        case 'doing':
          clear();
          if (!err.isTerminal) return;
          err.write(displayText(step.text).slice(0, Math.max(10, (err.columns ?? 80) - 1)));
          isShown = true;
          return;
        case 'ran-parallel':
          done(step.ok, `${proofName.parallel}: ${formatDuration(step.durationMs)}`);
          return;
        case 'ran-other-order':
          done(step.ok, `${proofName.order}: ${formatDuration(step.durationMs)}`);
          return;
        case 'tried-task': {
          const place = `${step.at}/${step.of}`;
          done(isSame(step.proof), `${place} ${step.proof.task}: ${describeTask(step.proof)}`);
          return;
        }
        default:
          unreachable(step);
      }
    },
  };
}

function isSame({ twice, killed }: TaskProof): boolean {
  return [twice, killed.result].every((result) => result === 'same' || result === 'not-tried');
}

/** `1.2s; killed 3 times: the same; run twice: other data`. */
function describeTask({ durationMs, twice, killed }: TaskProof): string {
  const kills = killed.atMs.length === 1 ? 'killed once' : `killed ${killed.atMs.length} times`;
  const late = killed.tooLate === 0 ? '' : ` (${killed.tooLate} came too late)`;
  return [
    `${formatDuration(durationMs)} alone`,
    ...(killed.result === 'not-tried' ? [] : [`${kills}${late}: ${resultWord[killed.result]}`]),
    ...(twice === 'not-tried' ? [] : [`run twice: ${resultWord[twice]}`]),
  ].join('; ');
}

const resultWord = {
  same: 'same data',
  differs: 'OTHER DATA',
  failed: 'FAILED',
  unclear: 'unclear, because of the second run',
} as const;
