import type { Handoffs, HandoffTrigger, Notification } from '../../model/pipeline/pipeline.ts';
import { formatDefaults } from '../format-defaults.ts';
import { type Report, reportError } from '../report-error.ts';
import { commandOf, type Shell } from '../schema/command-shape.ts';
import { valueRange } from '../schema/record-shape.ts';
import type { HandoffsRecord, NotificationRecord } from '../schema/sections/handoff-shape.ts';

export function buildHandoffs(handoffs: HandoffsRecord | undefined): { readonly handoffs?: Handoffs } {
  if (handoffs === undefined) return {};
  const { on_failure: failure, on_degradation: degradation, on_success: success } = handoffs;
  const { to: receiver, dataset, every } = success ?? {};
  const factor = degradation?.factor ?? formatDefaults.handoffs.slowdown;
  return {
    handoffs: {
      directory: handoffs.directory ?? formatDefaults.handoffs.directory,
      ...(failure?.to === undefined ? {} : { onFailure: { to: failure.to } }),
      ...(degradation?.to === undefined ? {} : { onDegradation: { to: degradation.to, factor } }),
      ...(receiver === undefined || dataset === undefined
        ? {}
        : { onSuccess: { to: receiver, dataset, ...(every === undefined ? {} : { everyMs: every }) } }),
    },
  };
}

type Written = NotificationRecord | readonly NotificationRecord[] | undefined;

/**
 * The field of a pipeline or a task; absent when nobody is told.
 * @param shell what the texts of commands are given to
 */
export function buildNotifications(
  written: Written,
  shell: Shell | undefined,
  report: Report,
): { readonly notify?: readonly Notification[] } {
  if (written === undefined) return {};
  const records = isList(written) ? written : [written];
  const notify = records.flatMap((record) => buildNotification(record, shell, report) ?? []);
  return notify.length === 0 ? {} : { notify };
}

function isList(written: NonNullable<Written>): written is readonly NotificationRecord[] {
  return Array.isArray(written);
}

function buildNotification(
  record: NotificationRecord,
  shell: Shell | undefined,
  report: Report,
): Notification | undefined {
  const { command, webhook, node } = record;
  const to = recipientsOf(record.to);
  const on: readonly HandoffTrigger[] = record.on ?? formatDefaults.notify.on;
  const keys = node.entries.map(({ key }) => key);
  const [hasCommand, hasWebhook] = [keys.includes('command'), keys.includes('webhook')];
  if (hasCommand && hasWebhook) {
    const message = 'a notification has both a "command" and a "webhook"';
    reportError(report, {
      code: 'spec/bad-value',
      at: valueRange(node, 'webhook'),
      message,
      hint: 'write two notifications',
    });
  }
  if (!hasCommand && !hasWebhook && node.complete) {
    const at = { start: node.start, end: node.start + 1 };
    const message = 'a notification has neither a "command" nor a "webhook"';
    reportError(report, { code: 'spec/missing-key', at, message, hint: 'add one of them' });
  }
  if (command !== undefined) return { on, ...to, by: { kind: 'command', command: commandOf(command, shell) } };
  return webhook === undefined ? undefined : { on, ...to, by: { kind: 'webhook', variable: webhook } };
}

function recipientsOf(written: NotificationRecord['to']): Pick<Notification, 'to'> {
  const [first, ...others] = typeof written === 'string' ? [written] : (written ?? []);
  return first === undefined
    ? {}
    : { to: [first, ...others.filter((one, at) => one !== first && others.indexOf(one) === at)] };
}
