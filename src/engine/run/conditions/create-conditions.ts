import { resolve } from 'node:path';
import pLimit from 'p-limit';
import type { EpochMs, TaskId } from '../../model/ids.ts';
import { ownValue } from '../../model/own-value.ts';
import type { WaitFor } from '../../model/pipeline/pipeline.ts';
import { unreachable } from '../../model/unreachable.ts';
import type { Conditions, PendingCondition } from '../../ports.ts';
import { askCommand } from './ask-command.ts';
import type { ConditionOf, ConditionParts, Found } from './condition-parts.ts';
import { isFileThere } from './look-for-file.ts';
import { lookForRun } from './look-for-run.ts';
import { pollCommand } from './poll-command.ts';

/** Commands that are run for conditions compete with tasks for the cores, and a look that hangs must not hold up the questions. */
const atOnce = 8;

/** Finds out what tasks wait for: by commands, by looking for files, by the records of other pipelines. */
export function createConditions(parts: ConditionParts): Conditions {
  const { specOf, clock } = parts;
  const questions = pLimit(atOnce);
  const looks = pLimit(atOnce);
  const times = new Map<string, number>();
  const nextTime = (kind: ConditionOf['kind'], task: TaskId) => {
    const time = (times.get(`${kind} ${task}`) ?? 0) + 1;
    times.set(`${kind} ${task}`, time);
    return time;
  };

  return {
    ask: (task, attempt, answered) => {
      const { onlyIf, timeoutMs } = specOf(task);
      if (onlyIf === undefined) throw new Error(`${task} is asked without a question`);
      return inTurn(questions, (end) => {
        const of = { kind: 'only_if', task, attempt, time: nextTime('only_if', task) } as const;
        const request = parts.requestOf(of, onlyIf.command, timeoutMs);
        return askCommand(parts, { task, attempt, timeoutMs }, request, (answer) => {
          end();
          answered(answer);
        });
      });
    },
    awaitArrival: (task, attempt, ended) => {
      const { waitFor } = specOf(task);
      if (waitFor === undefined) throw new Error(`${task} waits for nothing`);
      const look = looker(parts, waitFor, () => ({
        kind: 'wait_for',
        task,
        attempt,
        time: nextTime('wait_for', task),
      }));
      let timer: { cancel(): void } | undefined;
      let looking: PendingCondition | undefined;
      let isOver = false;
      const take = (found: Found) => {
        if (isOver) return;
        if (found === 'no') timer = clock.setTimer((clock.now() + waitFor.everyMs) as EpochMs, lookOnce);
        else {
          isOver = true;
          ended(found === 'yes' ? undefined : found);
        }
      };
      const lookOnce = () => {
        looking = inTurn(looks, (end) =>
          look((found) => {
            end();
            take(found);
          }),
        );
      };
      lookOnce();
      return {
        stop: () => {
          isOver = true;
          timer?.cancel();
          looking?.stop();
        },
      };
    },
  };
}

type Look = (found: (found: Found) => void) => PendingCondition;

function looker(parts: ConditionParts, { for: awaited, everyMs }: WaitFor, nextOf: () => ConditionOf): Look {
  switch (awaited.kind) {
    case 'command':
      return (found) => pollCommand(parts, nextOf(), awaited.command, everyMs, found);
    case 'file':
      return byPromise(() => isFileThere(parts.projectDir, parts.expand(awaited.path)));
    case 'pipeline': {
      const { file, logDir, params, values = {} } = awaited;
      const look = lookForRun({
        path: resolve(parts.projectDir, file),
        ...(logDir === undefined ? {} : { logDir }),
        params: Object.fromEntries(
          params.map((name) => [name, ownValue(values, name) ?? ownValue(parts.params, name) ?? '']),
        ),
      });
      return byPromise(look);
    }
    default:
      return unreachable(awaited);
  }
}

/** A file system that does not answer holds the next look up; the limit of the wait ends it. */
function byPromise(isThere: () => Promise<boolean>): Look {
  return (found) => {
    let isStopped = false;
    void isThere().then((there) => {
      if (!isStopped) found(there ? 'yes' : 'no');
    });
    return {
      stop: () => {
        isStopped = true;
      },
    };
  };
}

/** Begins something when its turn comes, and gives the turn to the next when it has ended or was stopped. */
function inTurn(limit: ReturnType<typeof pLimit>, begin: (end: () => void) => PendingCondition): PendingCondition {
  let isStopped = false;
  let begun: PendingCondition | undefined;
  let free: () => void = () => undefined;
  void limit(
    () =>
      new Promise<void>((resolve) => {
        free = resolve;
        if (isStopped) resolve();
        else begun = begin(resolve);
      }),
  );
  return {
    stop: () => {
      isStopped = true;
      begun?.stop();
      free();
    },
  };
}
