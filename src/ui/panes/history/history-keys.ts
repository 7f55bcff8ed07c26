import type { RunId } from '../../../engine/index.ts';
import { keyOf } from '../../bound-keys.ts';
import type { KeyBinding } from '../../keys/key-binding.ts';
import type { ScreenView } from '../../store/screen-view.ts';
import { comparisonOf } from './comparison.ts';
import { selectedPast } from './past-selection.ts';

/** Keys that act on the selected past run. */
export const historyKeys: readonly KeyBinding[] = [
  {
    keys: ['Enter'],
    action: 'open-run',
    shown: 'Enter',
    section: 'History',
    label: 'open',
    help: () => `open the past run; ${keyOf('quit', 'q')} or Esc returns`,
    footer: 3,
    panes: ['history'],
    refuse: (view) => {
      const run = selectedRun(view);
      if (run === undefined) return 'open: no runs yet';
      return run === view.state.options.run ? 'open: this run is on the screen' : undefined;
    },
    act: (view) => ({ screen: view.screen, commands: [{ type: 'open-past', run: selectedRun(view) as RunId }] }),
  },
  {
    keys: ['c'],
    action: 'compare',
    shown: 'c',
    section: 'History',
    label: ({ screen }) => (screen.comparing ? 'trends' : 'compare'),
    help: 'compare it with the run on the screen',
    footer: 4,
    panes: ['history'],
    refuse: ({ screen, history, state, now }) =>
      comparisonOf(screen, history, state, now) === undefined ? 'compare: there is no other run' : undefined,
    act: ({ screen: { comparing, ...screen } }) => ({ screen: comparing ? screen : { ...screen, comparing: true } }),
  },
];

function selectedRun({ screen, history }: ScreenView): string | undefined {
  return history.runs[selectedPast(screen, history)]?.run;
}
