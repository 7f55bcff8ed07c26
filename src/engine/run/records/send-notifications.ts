import type { Diagnostic } from '../../model/diagnostic.ts';
import type { RunId, TaskId } from '../../model/ids.ts';
import type { Notification } from '../../model/pipeline/pipeline.ts';
import type { Plan } from '../../model/pipeline/plan.ts';
import type { deliver } from '../../notify/deliver.ts';
import { type Message, type NotifyContext, nameOfReceiver } from '../../notify/notification.ts';
import { type Handoff, handoffName, type Urgency } from '../../results/handoffs/handoff-document.ts';

/** Tells those who want to be told, each once of each cause. */
export type Notifier = {
  /**
   * Sends what has not been sent yet, without waiting for it. Of several failures only the most urgent is sent to a
   * receiver: its document names the others. `paths` are the files, by the names of the hand-offs.
   */
  tell(handoffs: readonly Handoff[], paths: ReadonlyMap<string, string>): void;
  /** Resolves when all that was sent has arrived, or cannot. */
  settled(): Promise<unknown>;
  /** Gives up what is being sent. */
  giveUp(): void;
};

type Sender = {
  readonly run: RunId;
  readonly deliver: typeof deliver;
  readonly context: NotifyContext;
  /** What commands get in addition. */
  readonly env: Readonly<Record<string, string>>;
  readonly onWarning: (warning: Diagnostic) => void;
};

type Receiver = {
  readonly notification: Notification;
  /** The recipient, when the notification names any. */
  readonly to?: string;
  readonly task?: TaskId;
  /** The documents that were sent. */
  readonly told: Set<string>;
};

/** @param plan as it is written: a masked command would not work */
export function createNotifier(plan: Plan, sender: Sender): Notifier {
  const receivers = receiversOf(plan);
  const sending = new Set<Promise<unknown>>();
  const stops = new Set<AbortController>();

  const send = async ({ notification, to }: Receiver, handoff: Handoff, path: string | undefined) => {
    const stop = new AbortController();
    stops.add(stop);
    const context = { ...sender.context, signal: stop.signal };
    const why = await sender.deliver(
      notification,
      messageOf(handoff, path, { ...notification.by, to }, sender),
      context,
    );
    stops.delete(stop);
    if (why !== undefined) sender.onWarning(notTold(notification, to, handoff, why));
  };

  return {
    tell: (handoffs, paths) => {
      for (const receiver of receivers) {
        const { notification, task, told } = receiver;
        for (const trigger of notification.on) {
          const mine = handoffs.filter((handoff) => handoff.trigger === trigger && concerns(handoff, task));
          const fresh = mine.filter((handoff) => !told.has(handoffName(handoff)));
          for (const handoff of fresh) told.add(handoffName(handoff));
          const first = fresh.toSorted((a, b) => rankOf(a) - rankOf(b))[0];
          if (first === undefined) continue;
          const sent = send(receiver, first, paths.get(handoffName(first))).finally(() => sending.delete(sent));
          sending.add(sent);
        }
      }
    },
    settled: () => Promise.all(sending),
    giveUp: () => {
      for (const stop of stops) stop.abort();
    },
  };
}

/** @param task of the receiver; undefined for one of the whole run */
function concerns({ isForTask, tasks }: Handoff, task: TaskId | undefined): boolean {
  return task === undefined ? isForTask !== true : tasks.includes(task);
}

function receiversOf({ pipeline, tasks }: Plan): readonly Receiver[] {
  const ofRun = (pipeline.notify ?? []).flatMap((notification) => eachOf(notification));
  const ofTasks = tasks.flatMap(({ spec }) =>
    (spec.notify ?? []).flatMap((notification) => eachOf(notification).map((one) => ({ ...one, task: spec.id }))),
  );
  return [...ofRun, ...ofTasks];
}

/** One for each recipient, so that nobody misses what another was told. */
function eachOf(notification: Notification): readonly Receiver[] {
  const { to } = notification;
  if (to === undefined) return [{ notification, told: new Set() }];
  return to.map((one) => ({ notification, to: one, told: new Set() }));
}

const urgencies: { readonly [urgency in Urgency]: number } = { high: 0, normal: 1, low: 2 };

function rankOf({ document }: Handoff): number {
  return urgencies[document.urgency];
}

function messageOf(
  { document: written, subject, trigger }: Handoff,
  path: string | undefined,
  { kind, to }: Pick<Notification['by'], 'kind'> & { readonly to: string | undefined },
  { run, env }: Sender,
): Message {
  const document = to === undefined ? written : { ...written, to };
  // Chat services show this field of what they are sent.
  const text = `${document.pipeline}: ${document.summary}`;
  return {
    body: JSON.stringify(kind === 'webhook' ? { text, ...document } : document),
    env: {
      ...env,
      ETL_RUN_ID: run,
      ETL_HANDOFF: document.handoff,
      ETL_HANDOFF_TRIGGER: trigger,
      ETL_HANDOFF_SUBJECT: subject,
      ETL_HANDOFF_URGENCY: document.urgency,
      ETL_HANDOFF_SUMMARY: document.summary,
      ETL_HANDOFF_TO: document.to ?? '',
      ETL_HANDOFF_FILE: path ?? '',
    },
  };
}

function notTold(
  notification: Notification,
  to: string | undefined,
  { trigger, subject }: Handoff,
  why: string,
): Diagnostic {
  const recipient = to === undefined ? '' : ` for ${to}`;
  return {
    code: 'run/not-notified',
    severity: 'warning',
    message: `${nameOfReceiver(notification)}${recipient} was not notified of the ${trigger} of ${subject}: ${why}`,
    hint: 'the run itself is not affected; correct "notify" in the pipeline file, or its variable',
  };
}
