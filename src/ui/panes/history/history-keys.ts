import type { RunId } from '../../../engine/index.ts';
import type { KeyBinding } from '../../keys/key-binding.ts';
import type { ScreenView } from '../../store/screen-view.ts';
import { selectedPast } from './past-selection.ts';

/** Keys that act on the selected past run. */
export const historyKeys: readonly KeyBinding[] = [
  {
    keys: ['Enter'],
    shown: 'Enter',
    section: 'History',
    label: 'open',
    help: 'look at the past run; q or Esc returns',
    footer: 3,
    panes: ['history'],
    refuse: (view) => {
      const run = selectedRun(view);
      if (run === undefined) return 'open: no runs yet';
      return run === view.state.options.run ? 'open: this run is on the screen' : undefined;
    },
    act: (view) => ({ screen: view.screen, commands: [{ type: 'open-past', run: selectedRun(view) as RunId }] }),
  },
];

function selectedRun({ screen, history }: ScreenView): string | undefined {
  return history.runs[selectedPast(screen, history)]?.run;
}
