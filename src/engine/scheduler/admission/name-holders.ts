import type { RunState } from '../../model/run/run-state.ts';
import { entryAt } from '../../model/run/task-table.ts';
import { checkSessions } from '../capacity/check-sessions.ts';
import { connectionBudget, connectionNeed } from '../capacity/task-needs.ts';

const maxNamed = 2;

/** Who has the places of a pool: "odds_history holds it", "a and b hold it"; empty when nobody is known to. */
export function poolHolders(state: RunState, pool: string): string {
  const names = runningTasks(state).flatMap((index) => {
    const { id, pools } = state.plan.tasks[index]!.spec;
    return pools.includes(pool) ? [id as string] : [];
  });
  if (names.length === 0) return '';
  return `${listed(names, ' and ')} ${names.length === 1 ? 'holds' : 'hold'} it`;
}

/** Who has how many of the connections, the most first: "load_plays holds 12, load_odds 4, others 3". */
export function connectionHolders(state: RunState): string {
  const tasks = runningTasks(state).map((index) => ({
    id: state.plan.tasks[index]!.spec.id as string,
    connections: connectionNeed(state, index),
  }));
  const held = [...tasks, { id: 'checks', connections: checkSessions(state) }]
    .filter(({ connections }) => connections > 0)
    .sort((a, b) => b.connections - a.connections);
  const words = held.map(
    ({ id, connections }, at) => `${id} ${at > 0 ? '' : id === 'checks' ? 'hold ' : 'holds '}${connections}`,
  );
  // What others hold is what a sample took off the budget that the run began with.
  const others = (state.options.connectionBudget ?? 0) - (connectionBudget(state) ?? 0);
  const taken = others > 0 ? [words.length === 0 ? `others hold ${others}` : `others ${others}`] : [];
  return [...(words.length === 0 ? [] : [listed(words, ', ')]), ...taken].join(', ');
}

function listed(words: readonly string[], last: string): string {
  const more = words.length - maxNamed;
  // "and 1 more" would take as much room as the name itself.
  if (more > 1) return `${words.slice(0, maxNamed).join(', ')} and ${more} more`;
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')}${last}${words.at(-1)!}`;
}

/** The running tasks of a table, kept for as long as it does: a screen asks for the reasons of many tasks at once. */
const runningByTable = new WeakMap<RunState['tasks'], readonly number[]>();

function runningTasks({ plan, tasks }: RunState): readonly number[] {
  const known = runningByTable.get(tasks);
  if (known !== undefined) return known;
  const running = plan.tasks
    .map(({ index }) => index)
    .filter((index) => entryAt(tasks, index).state.kind === 'running');
  runningByTable.set(tasks, running);
  return running;
}
