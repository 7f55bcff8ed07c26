import { createAttemptBook } from '../../src/engine/executors/process/attempt-book.ts';
import { createHostList } from '../../src/engine/executors/process/host-list.ts';
import type { HostId } from '../../src/engine/model/ids.ts';
import { ok } from '../../src/engine/model/result.ts';
import type { Exit } from '../../src/engine/model/run/task-state.ts';
import type {
  AttemptObserver,
  Executor,
  Host,
  OutputStream,
  RunningAttempt,
  StartRequest,
} from '../../src/engine/ports.ts';

/** What the attempt of a request does: its output, and how it ends. */
export type AttemptBehaviour = {
  readonly output?: readonly { readonly stream: OutputStream; readonly text: string }[];
  /** `runs`: until SIGTERM; `ignores-sigterm`: until SIGKILL. */
  readonly ending: Exit | 'runs' | 'ignores-sigterm';
};

/** An executor without processes: `behaviourOf` says what each attempt does. Every attempt begins a moment after `start`. */
export function fakeExecutor(behaviourOf: (request: StartRequest) => AttemptBehaviour): Executor {
  const host: Host = { id: 'fake' as HostId, name: 'fake', labels: new Set(), slots: 8, accepting: true };
  const attempts = createAttemptBook<FakeAttempt>();
  const { hosts, onHostsChanged, replace } = createHostList([host]);
  let isClosed = false;
  return {
    runs: 'here',
    hosts,
    onHostsChanged,
    start: (request, on, observer) =>
      attempts.start(request.ref, observer, (watched) => {
        const attempt = new FakeAttempt(host.id, behaviourOf(request), request.killGraceMs, watched);
        if (on !== host.id) attempt.end({ kind: 'lost', why: 'host-gone', message: `there is no host "${on}"` });
        else if (isClosed) attempt.end({ kind: 'signalled', signal: 'SIGTERM' });
        else setImmediate(() => attempt.begin());
        return attempt;
      }),
    adopt: async () => ok([]),
    close: async () => {
      if (!isClosed) replace([{ ...host, accepting: false }]);
      isClosed = true;
      await Promise.all([...attempts.running.values()].map((attempt) => attempt.close()));
    },
  };
}

class FakeAttempt implements RunningAttempt {
  readonly #ended: Promise<void>;
  readonly #host: HostId;
  readonly #behaviour: AttemptBehaviour;
  readonly #killGraceMs: number;
  readonly #observer: AttemptObserver;
  #isOver = false;
  #onEnded: () => void = () => undefined;

  constructor(host: HostId, behaviour: AttemptBehaviour, killGraceMs: number, observer: AttemptObserver) {
    this.#host = host;
    this.#behaviour = behaviour;
    this.#killGraceMs = killGraceMs;
    this.#observer = observer;
    this.#ended = new Promise((resolve) => {
      this.#onEnded = resolve;
    });
  }

  begin(): void {
    if (this.#isOver) return;
    const { output = [], ending } = this.#behaviour;
    const isStarted = typeof ending === 'string' || ending.kind !== 'not-started';
    if (isStarted) this.#observer.spawned({ host: this.#host, pid: 2 });
    for (const { stream, text } of output) this.#observer.output(stream, Buffer.from(text));
    if (typeof ending !== 'string') this.end(ending);
  }

  terminate(graceMs: number): void {
    if (this.#behaviour.ending !== 'ignores-sigterm') this.end({ kind: 'signalled', signal: 'SIGTERM' });
    else setTimeout(() => this.end({ kind: 'signalled', signal: 'SIGKILL' }), graceMs);
  }

  hasEnded(): boolean {
    return this.#isOver;
  }

  close(): Promise<void> {
    this.terminate(this.#killGraceMs);
    return this.#ended;
  }

  end(exit: Exit): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#observer.exited(exit);
    this.#onEnded();
  }
}
