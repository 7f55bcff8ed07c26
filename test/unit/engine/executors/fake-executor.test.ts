import type { Command } from '../../../../src/engine/model/pipeline/pipeline.ts';
import { describeExecutor } from '../../../support/executor-contract.ts';
import { type AttemptBehaviour, fakeExecutor } from '../../../support/fake-executor.ts';

/** A command stands for a behaviour by being its JSON. */
const command = (behaviour: AttemptBehaviour): Command => ({ kind: 'shell', script: JSON.stringify(behaviour) });
const ready = [{ stream: 'stdout', text: 'ready' }] as const;

describeExecutor('fake', () => ({
  executor: fakeExecutor((request) =>
    request.command.kind === 'shell' ? (JSON.parse(request.command.script) as AttemptBehaviour) : { ending: 'runs' },
  ),
  commands: {
    print: (text, code) =>
      command({
        output: [
          { stream: 'stdout', text },
          { stream: 'stderr', text },
        ],
        ending: { kind: 'exited', code },
      }),
    runUntilTerminated: command({ output: ready, ending: 'runs' }),
    ignoreSigterm: command({ output: ready, ending: 'ignores-sigterm' }),
    unknown: command({ ending: { kind: 'not-started', reason: 'usage', message: 'no such command' } }),
  },
  dispose: () => undefined,
}));
