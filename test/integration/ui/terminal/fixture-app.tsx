import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { renameSync, writeFileSync } from 'node:fs';
import { Box, render, Text, Transform, useInput, useStdout } from 'ink';
import { useEffect, useState } from 'react';
import { enterScreen, type Screen } from '../../../../src/ui/terminal/alternate-screen.ts';
import { installCompositor } from '../../../../src/ui/terminal/span-compositor.ts';

// A small program with a screen, which ends in every way there is. `handled`: signals end it by `process.exit`, as the
// command line does it; `lag FILE`: it notes in FILE how late its 20 ms timer ever was, and counts without a pause.
const [mode, lagFile] = process.argv.slice(2);
const codes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
const signals = Object.keys(codes) as (keyof typeof codes)[];

if (mode === 'handled') {
  for (const signal of signals) process.on(signal, () => setTimeout(() => process.exit(codes[signal]), 100));
  // A run goes on whatever happens to the terminal.
  setInterval(() => {}, 1_000);
}
process.stdout.write(`before the screen, made of ${installCompositor(process.env) ? 'spans' : 'cells'}\n`);
const screen = enterScreen({
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  fatalSignals: mode === 'handled' ? [] : [...signals, 'SIGQUIT'],
});
const ink = render(<App screen={screen} quit={quit} />, screen.inkOptions);
ink.waitUntilExit().catch((error: Error) => {
  screen.leave();
  process.stderr.write(`the screen failed: ${error.message}\n`);
  process.exit(70);
});

function quit(): void {
  ink.unmount();
  screen.leave();
  process.stdout.write('after the screen\n');
}

let latestMs = 0;
let ticks = 0;
if (lagFile !== undefined) {
  let last = performance.now();
  setInterval(() => {
    const now = performance.now();
    latestMs = Math.max(latestMs, now - last - 20);
    last = now;
    ticks += 1;
    // Never seen half written.
    writeFileSync(`${lagFile}.part`, JSON.stringify({ ticks, latestMs }));
    renameSync(`${lagFile}.part`, lagFile);
  }, 20);
}

function App(props: { readonly screen: Screen; readonly quit: () => void }) {
  const { stdout } = useStdout();
  const [size, setSize] = useState({ columns: stdout.columns, rows: stdout.rows });
  const [count, setCount] = useState(0);
  const [pressed, setPressed] = useState('');
  useEffect(() => {
    const resized = () => setSize({ columns: stdout.columns, rows: stdout.rows });
    stdout.on('resize', resized);
    return () => {
      stdout.off('resize', resized);
    };
  }, [stdout]);
  useEffect(() => {
    if (mode !== 'lag') return;
    const timer = setInterval(() => setCount((current) => current + 1), 20);
    return () => clearInterval(timer);
  }, []);
  useInput((input, key) => {
    if (key.ctrl && input === 'z') props.screen.suspend();
    else if (key.ctrl && input === 'l') props.screen.repaint();
    else for (const character of input) act(character);
  });
  const act = (character: string): void => {
    setPressed((current) => current + character);
    if (character === 'q') props.quit();
    if (character === 'e') process.exit(3);
    if (character === 't') setTimeout(() => fail('thrown in a timer'));
    if (character === 'p') void Promise.reject(new Error('rejected'));
    if (character === 'm') props.screen.setMouse(true);
    if (character === 'c') props.screen.copy('copied text');
    if (character === 'w') {
      process.stdout.write('stray output\n');
      process.stderr.write('stray error\n');
      process.emitWarning('stray warning');
    }
    if (character === 'n') setCount((current) => current + 1);
    if (character === 'l') void props.screen.lend(lendOut);
  };
  if (pressed.includes('R')) throw new Error('thrown while drawing');
  const { columns, rows } = size;
  const lines = Array.from({ length: rows }, (_, index) => lineText(index, columns, rows, count, pressed));
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      {lines.map((text, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place.
        <Transform key={index} transform={() => text}>
          <Text>{' '.repeat(columns)}</Text>
        </Transform>
      ))}
    </Box>
  );
}

function lineText(index: number, columns: number, rows: number, count: number, pressed: string): string {
  if (index === 1) return `pressed ${pressed}`.padEnd(columns).slice(0, columns);
  const text = `row ${index + 1} of ${rows} count ${count} `;
  const line = text.padEnd(columns - 1, '─').slice(0, columns - 1);
  return `\x1b[${31 + (index % 6)}m${line}\x1b[39m|`;
}

/** Reads one line of the keyboard itself, as a pager would. */
async function lendOut(): Promise<void> {
  const reader = spawn('sh', ['-c', 'echo reading; read line; echo "heard $line"; read line'], { stdio: 'inherit' });
  await once(reader, 'exit');
}

function fail(message: string): never {
  throw new Error(message);
}
