import { formatCount } from '../../../display/format/format-count.ts';
import { nameList } from '../../../display/format/name-list.ts';
import type { Intent, RunState } from '../../../engine/index.ts';
import { type KeyBinding, showMessage, showQuestion } from '../../keys/key-binding.ts';
import type { Change, ScreenView } from '../../store/screen-view.ts';
import { countDownstream, nameOf } from '../tasks/task-targets.ts';
import { loadersOf, selectedCheck } from './check-selection.ts';

/** Keys that act on the selected check. */
export const checkKeys: readonly KeyBinding[] = [
  {
    only: 'live',
    keys: ['r'],
    action: 'check-again',
    shown: 'r',
    section: 'Checks',
    label: 'check again',
    help: 'run the check again',
    footer: 3,
    panes: ['checks'],
    refuse: whenNone,
    isUseful: ({ screen, state }) => {
      const { kind } = state.checks[selectedCheck(screen, state)!]!;
      return kind === 'done' || kind === 'backing-off';
    },
    act: ({ screen, state }) => {
      const check = selectedName(screen, state);
      const intents: readonly Intent[] = [{ type: 'recheck', check }];
      return {
        screen,
        commands: [{ type: 'intend', verb: 'check again', intents, done: `${check} runs again` }],
      };
    },
  },
  {
    only: 'live',
    keys: ['R'],
    action: 'check-tasks-again',
    shown: 'R',
    section: 'Checks',
    label: 'tasks again',
    help: 'retry its tasks with everything downstream',
    footer: 4,
    panes: ['checks'],
    refuse: whenNone,
    isUseful: ({ screen, state }) => loadersOf(state, selectedCheck(screen, state)!).length > 0,
    act: askForLoaders,
  },
];

function askForLoaders(view: ScreenView): Change {
  const { screen, state } = view;
  const loaders = loadersOf(state, selectedCheck(screen, state)!);
  if (loaders.length === 0) return showMessage(view, `${selectedName(screen, state)} depends on no task`);
  const below = countDownstream(state, loaders);
  const names = loaders.map((index) => nameOf(state, index));
  const and = below === 0 ? '' : ` and ${formatCount(below, 'task')} downstream`;
  const many = formatCount(loaders.length + below, 'task');
  const intents = names.map((task): Intent => ({ type: 'retry-task', task, downstream: true }));
  return showQuestion(view, {
    text: `Run ${nameList(names, 3)}${and} again? Then the check runs again.`,
    shorter: [`Run ${nameList(names, 2)}${and} again?`, `Run ${nameList(names, 1)}${and} again?`, `Run ${many} again?`],
    yes: [{ type: 'intend', verb: 'run again', intents }],
  });
}

function whenNone({ screen, state }: ScreenView): string | undefined {
  if (selectedCheck(screen, state) !== undefined) return undefined;
  return state.options.runChecks ? 'this pipeline has no checks' : 'checks are off in this run';
}

/** To be called where there is a check. */
function selectedName(screen: ScreenView['screen'], state: RunState): string {
  return state.plan.checks[selectedCheck(screen, state)!]!.spec.name;
}
