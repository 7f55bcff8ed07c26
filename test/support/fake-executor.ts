import type { HostId } from '../../src/engine/model/ids.ts';
import { formatAttemptRef } from '../../src/engine/model/ids.ts';
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
  let host: Host = { id: 'fake' as HostId, name: 'fake', labels: new Set(), slots: 8, accepting: true };
  const attempts = new Map<string, FakeAttempt>();
  const listeners = new Set<() => void>();
  return {
    runs: 'here',
    hosts: () => [host],
    onHostsChanged: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start: (request, on, observer) => {
      const key = formatAttemptRef(request.ref);
      const first = attempts.get(key);
      if (first !== undefined) return first;
      const attempt = new FakeAttempt(host.id, behaviourOf(request), request.killGraceMs, observer);
      attempts.set(key, attempt);
      if (on !== host.id) attempt.end({ kind: 'lost', why: 'host-gone', message: `there is no host "${on}"` });
      else if (!host.accepting) attempt.end({ kind: 'signalled', signal: 'SIGTERM' });
      else setImmediate(() => attempt.begin());
      return attempt;
    },
    adopt: async () => ok([]),
    close: async () => {
      if (host.accepting) {
        host = { ...host, accepting: false };
        for (const listener of listeners) listener();
      }
      await Promise.all([...attempts.values()].map((attempt) => attempt.close()));
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
