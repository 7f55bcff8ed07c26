import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

const hourMs = 3_600_000;

/**
 * Fills a log directory with runs, one an hour up to now: a real run, made once, written anew with other names, times and
 * durations. Every tenth has another parameter, and every thousandth is of another pipeline.
 */
export function storeRuns(program, directory, logDir, count) {
  const template = realRun(program, directory);
  for (const place of ['runs', 'performance']) mkdirSync(join(logDir, place), { recursive: true });
  const now = Date.now();
  for (let at = 0; at < count; at += 1) storeRun(template, logDir, at, now - (count - at) * hourMs);
}

function realRun(program, directory) {
  const logDir = join(directory, 'template');
  const tasks = Array.from({ length: 12 }, (_, index) => {
    const after = index < 4 ? '' : `, dependencies: [task_${index - 4}]`;
    return `  task_${index}: { command: "echo loaded; sleep 0.0${index % 9}"${after} }`;
  });
  const file = join(directory, 'nightly.yaml');
  writeFileSync(
    file,
    `version: 1\nname: nightly\nparams: { season: { default: "2025" } }\ntasks:\n${tasks.join('\n')}\n`,
  );
  const { status, stderr } = spawnSync(process.execPath, [program, 'run', file, '--ci', '--log-dir', logDir], {
    cwd: directory,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  const [run] = readdirSync(join(logDir, 'runs'));
  const read = (...names) => readFileSync(join(logDir, ...names), 'utf8');
  return {
    run,
    journal: read('runs', run, 'journal.jsonl').trimEnd().split('\n'),
    stored: ['pipeline.json', 'pipeline.yaml'].map((name) => [name, read('runs', run, name)]),
    consistency: read(`consistency_${run}.json`),
    result: read(`parallel_run_${run}.json`),
    record: JSON.parse(read('performance', `execution_${run}.json`)),
  };
}

function storeRun(template, logDir, at, startedAt) {
  const [date, time] = new Date(startedAt).toISOString().replace(/[-:]/g, '').split(/[T.]/);
  const run = `${date}_${time}_${(at % 36 ** 4).toString(36).padStart(4, '0')}`;
  const rename = (text) => text.replaceAll(template.run, run);
  const directory = join(logDir, 'runs', run);
  mkdirSync(join(directory, 'tasks', 'task_0'), { recursive: true });
  for (const [name, text] of template.stored) writeFileSync(join(directory, name), text);
  writeFileSync(join(directory, 'tasks', 'task_0', '1.log'), 'loaded\n');
  const shift = startedAt - JSON.parse(template.journal[1]).at;
  writeFileSync(join(directory, 'journal.jsonl'), template.journal.map((line) => moved(rename(line), shift)).join(''));
  writeFileSync(join(logDir, `consistency_${run}.json`), rename(template.consistency));
  writeFileSync(join(logDir, `parallel_run_${run}.json`), rename(template.result));
  const noise = 1 + ((at * 7919) % 100) / 500;
  const record = {
    ...template.record,
    run_id: run,
    pipeline: at % 1_000 === 0 ? 'rare' : template.record.pipeline,
    params: { season: at % 10 === 0 ? '2024' : '2025' },
    started_at: new Date(startedAt).toISOString(),
    total_duration_seconds: 60 * noise,
    results: template.record.results.map((result, index) => ({ ...result, attempt_seconds: (index + 1) * noise })),
  };
  writeFileSync(join(logDir, 'performance', `execution_${run}.json`), JSON.stringify(record, null, 2));
}

/** A line of the journal, so much later. */
function moved(line, shift) {
  const { seq, crc: _, ...body } = JSON.parse(line);
  const later = 'at' in body ? { ...body, at: body.at + shift } : body;
  const text = `{"seq":${seq},${JSON.stringify(later).slice(1, -1)}`;
  return `${text},"crc":"${crc32(text).toString(16).padStart(8, '0')}"}\n`;
}
