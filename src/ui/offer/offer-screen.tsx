import { Box, render, useInput } from 'ink';
import { useEffect, useRef, useState } from 'react';
import { chooseTheme, type ScreenSetup } from '../config/choose-theme.ts';
import { createKeyReader } from '../keys/read-keys.ts';
import { Block } from '../primitives/block.tsx';
import { enterScreen } from '../terminal/alternate-screen.ts';
import { installCompositor } from '../terminal/span-compositor.ts';
import type { Theme } from '../theme.ts';
import { offerRows, type ResumeOffer } from './offer-rows.ts';

/** What a person wants; `interrupt` = Ctrl+C. Nobody is there when no key is pressed: then a new run begins, as was asked. */
export type OfferAnswer = 'resume' | 'new' | 'quit' | 'interrupt';

const patience = 15;

const answerOf: Readonly<Record<string, OfferAnswer>> = {
  r: 'resume',
  Enter: 'new',
  n: 'new',
  q: 'quit',
  'Ctrl+C': 'interrupt',
};

type Size = { readonly columns: number; readonly rows: number };

/** Asks on the whole screen whether a run is to be resumed. Any other key than an answer ends the countdown. */
export function Offer(on: {
  readonly offer: ResumeOffer;
  readonly theme: Theme;
  readonly size: Size;
  /** In seconds: how long nothing may be answered. */
  readonly patience: number;
  readonly onAnswer: (answer: OfferAnswer) => void;
}) {
  const { offer, theme, size, patience, onAnswer } = on;
  const [secondsLeft, setSecondsLeft] = useState<number | undefined>(patience);
  const reader = useRef(createKeyReader());
  useInput((input, key) => {
    for (const pressed of reader.current(input, key)) {
      const answer = pressed.kind === 'key' ? answerOf[pressed.key] : undefined;
      if (answer !== undefined) return onAnswer(answer);
      setSecondsLeft(undefined);
    }
  });
  useEffect(() => {
    if (secondsLeft === undefined) return undefined;
    if (secondsLeft <= 0) return onAnswer('new');
    const timer = setTimeout(() => setSecondsLeft(secondsLeft - 1), 1_000);
    return () => clearTimeout(timer);
  }, [secondsLeft, onAnswer]);
  const { columns, rows } = size;
  return (
    <Box width={columns} height={rows}>
      <Block rect={{ x: 0, y: 0, width: columns, height: rows }} rows={offerRows(offer, size, secondsLeft, theme)} />
    </Box>
  );
}

/** Shows the offer until it is answered, then restores the terminal. */
export async function askOffer(
  offer: ResumeOffer,
  { env, setup }: { readonly env: NodeJS.ProcessEnv; readonly setup: ScreenSetup },
): Promise<OfferAnswer> {
  installCompositor(env);
  const { stdin, stdout, stderr } = process;
  const fatalSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
  const screen = enterScreen({ stdin, stdout, stderr, fatalSignals });
  const theme = chooseTheme(setup, env);
  const { stdout: frames } = screen.inkOptions;
  try {
    return await new Promise<OfferAnswer>((resolve, reject) => {
      const size = () => ({ columns: frames?.columns ?? 80, rows: frames?.rows ?? 24 });
      const picture = () => <Offer offer={offer} theme={theme} size={size()} patience={patience} onAnswer={answered} />;
      const answered = (answer: OfferAnswer) => {
        ink.unmount();
        resolve(answer);
      };
      const ink = render(picture(), screen.inkOptions);
      frames?.on('resize', () => ink.rerender(picture()));
      ink.waitUntilExit().catch(reject);
    });
  } finally {
    screen.leave();
  }
}
