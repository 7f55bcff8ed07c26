import type { RunEvent } from '../../model/run/run-event.ts';
import type { RunLoop } from '../../runtime/run-loop.ts';

/** All events but progress, which is most of them and says nothing of how long things took. */
export function collectEvents(loop: RunLoop, earlier: readonly RunEvent[]): readonly RunEvent[] {
  const isCollected = ({ type }: RunEvent) => type !== 'task.progressed';
  const events = earlier.filter(isCollected);
  loop.subscribe((event) => {
    if (isCollected(event)) events.push(event);
  });
  return events;
}
