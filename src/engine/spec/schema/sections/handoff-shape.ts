import type { HandoffTrigger } from '../../../model/pipeline/pipeline.ts';
import { formatDefaults } from '../../format-defaults.ts';
import { command } from '../command-shape.ts';
import { duration } from '../duration-shape.ts';
import { either } from '../either-shape.ts';
import { listOf } from '../list-shapes.ts';
import { prose } from '../name-shapes.ts';
import { type RecordOf, record } from '../record-shape.ts';
import { decimal, oneOf } from '../scalar-shapes.ts';
import { reportType, reportValue, type Shape, textOf } from '../shape.ts';

const { handoffs: defaults, notify: notifyDefaults } = formatDefaults;

const receiver = { shape: prose, describes: 'The team that the file is for.', required: true } as const;

const handoffFields = {
  directory: { shape: prose, describes: 'The directory of the hand-offs.', absent: defaults.directory },
  on_failure: {
    shape: record('"on_failure"', { to: receiver }),
    describes: 'Written when a task or a check fails.',
  },
  on_degradation: {
    shape: record('"on_degradation"', {
      to: receiver,
      factor: {
        shape: decimal(1, 1_000),
        describes: 'How many times slower than usual counts as degraded.',
        absent: defaults.slowdown,
      },
    }),
    describes: 'Written when the run is slower than usual.',
  },
  on_success: {
    shape: record('"on_success"', {
      to: receiver,
      dataset: { shape: prose, describes: 'The name of the data set that the run updates.', required: true },
      every: { shape: duration({ zero: false }), describes: 'How often the data set is updated.' },
    }),
    describes: 'Written when the run succeeds.',
  },
} as const;

export const handoffs = record('"handoffs"', handoffFields);
export type HandoffsRecord = RecordOf<typeof handoffFields>;

const webhookForm = 'the name of the environment variable that holds the address';

/** The name of a variable, also as `${env:NAME}`. What was written is not repeated in the message: it may be the address. */
const webhook: Shape<string> = {
  schema: { type: 'string', pattern: '^(?:[A-Za-z_]\\w*|\\$\\{env:[A-Za-z_]\\w*\\})$' },
  read: (node, label, report) => {
    const written = textOf(node);
    if (written === undefined) return reportType(report, node, label, webhookForm);
    const [, named, referred] = /^(?:([A-Za-z_]\w*)|\$\{env:([A-Za-z_]\w*)\})$/.exec(written) ?? [];
    const variable = named ?? referred;
    if (variable !== undefined) return variable;
    const hint = `an address is a secret and does not belong into the file; write \${env:NAME}`;
    return reportValue(report, node, `${label} must be ${webhookForm}`, hint);
  },
};

const trigger = oneOf<HandoffTrigger>(['failure', 'degradation', 'success']);

const notificationFields = {
  command: { shape: command, describes: 'The command; it gets the document as JSON on standard input.' },
  webhook: {
    shape: webhook,
    describes: 'The environment variable with the URL to which the document is sent as JSON.',
  },
  on: {
    shape: listOf(trigger, {
      wanted: 'a list of "failure", "degradation" and "success"',
      each: 'each of "on"',
      min: 1,
    }),
    describes: 'The events to notify about.',
    absent: notifyDefaults.on,
  },
  to: {
    shape: either({
      wanted: 'a recipient, or a list of them',
      text: prose,
      list: listOf(prose, { wanted: 'a list of recipients', each: 'each recipient', min: 1 }),
    }),
    describes: 'The recipients, as the command or the webhook knows them; each gets a notification of their own.',
  },
} as const;

const notification = record('a notification', notificationFields);

export type NotificationRecord = RecordOf<typeof notificationFields>;

/** One notification, or a list of them. */
export const notifications = either({
  wanted: 'a notification, or a list of them',
  list: listOf(notification, { wanted: 'a list of notifications', each: 'each notification' }),
  map: notification,
});
