import { describeAwaited, describeCommand, type Plan } from '../../engine/index.ts';

/** What has to hold before a task starts, for programs; empty for most. */
export function conditionsJson({ onlyIf, waitFor }: Plan['tasks'][number]['spec']): object {
  return {
    ...(waitFor === undefined
      ? {}
      : {
          wait_for: {
            kind: waitFor.for.kind,
            what: describeAwaited(waitFor.for),
            every_seconds: waitFor.everyMs / 1000,
            timeout_seconds: waitFor.timeoutMs / 1000,
            on_timeout: waitFor.onTimeout,
          },
        }),
    ...(onlyIf === undefined ? {} : { only_if: describeCommand(onlyIf.command), otherwise: onlyIf.otherwise }),
  };
}
