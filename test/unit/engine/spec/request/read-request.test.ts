import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { readRequest } from '../../../../../src/engine/spec/request/read-request.ts';
import { requestSchema } from '../../../../../src/engine/spec/request/request-shape.ts';

const accepts = new Ajv2020({ strict: true }).addVocabulary(['patternErrorMessage']).compile(requestSchema());

const head = 'type: data_refresh_request\nfrom: Research\n';
const hour = 3_600_000;

function read(text: string) {
  return readRequest(text, 'r.yaml', ['seasons']);
}

function mistakesOf(text: string): readonly string[] {
  return read(text).diagnostics.map(
    ({ at, code, message, hint }) => `${at?.line}:${at?.col} ${code}: ${message} [${hint}]`,
  );
}

describe('a request', () => {
  it('with everything in it is understood, and valid for its schema', () => {
    const text = `
type: data_refresh_request
id: RQ-17
from: Research Agent
to: ETL Agent
note: for the new model
priority: high
created_at: 2026-01-31T08:00:00Z
deadline: 2026-01-31T18:00:00+01:00
if_late: refuse
scope: [play-by-play, epa]
seasons: [2023, 2024]
freshness: "< 24 hours"
completeness: "100% (no missing games)"
validate: true
expected_deliverables: [plays, epa]
`;
    const { request, diagnostics } = read(text);
    expect(diagnostics).toEqual([]);
    expect(accepts(parse(text))).toBe(true);
    expect(request).toMatchObject({
      id: 'RQ-17',
      from: 'Research Agent',
      to: 'ETL Agent',
      note: 'for the new model',
      priority: 'high',
      createdAt: Date.UTC(2026, 0, 31, 8),
      deadline: { value: Date.UTC(2026, 0, 31, 17) },
      ifLate: 'refuse',
      scope: [{ text: 'play-by-play' }, { text: 'epa' }],
      freshness: { value: 24 * hour, text: '< 24 hours' },
      completeness: { text: '100% (no missing games)' },
      validate: true,
      deliverables: [{ text: 'plays' }, { text: 'epa' }],
    });
    expect(request?.params.get('seasons')?.map((value) => value.text)).toEqual(['2023', '2024']);
    expect(request?.scope[1]?.at).toEqual({ file: 'r.yaml', line: 11, col: 23, length: 3 });
  });

  it('needs a sender only', () => {
    expect(read(head).request).toMatchObject({ priority: 'normal', ifLate: 'run', scope: [], validate: true });
  });

  it.each([
    [
      'the words of another team',
      'trigger: data_refresh_request\nrequested_by: Research\nurgency: critical\ndue: 2026-01-31 18:00 UTC\nseason: 2024\n',
    ],
    [
      'keys in groups',
      'trigger: data_refresh_request\nfrom: Research\ncontext: { urgency: urgent, deadline: 2026-01-31T18:00Z }\ndata_requirements:\n  - seasons: 2024\n',
    ],
    [
      'all under the name of the hand-off',
      'handoff:\n  type: data_refresh_request\n  from: Research\n  Priority: urgent\n  needed-by: 2026-01-31T19:00+0100\n  seasons: "2024"\n',
    ],
  ])('may be written with %s', (_, text) => {
    const { request, diagnostics } = read(text);
    expect(diagnostics).toEqual([]);
    expect(request).toMatchObject({
      from: 'Research',
      priority: 'urgent',
      deadline: { value: Date.UTC(2026, 0, 31, 18) },
    });
    expect(request?.params.get('seasons')).toMatchObject([{ text: '2024' }]);
  });

  test.each([
    ['2 hours', 2],
    ['within 90 min', 1.5],
    ['in 1 day', 24],
    ['1h 30m', 1.5],
    ['2h', 2],
  ])('with the deadline "%s" is due so long after it was made', (written, hours) => {
    const { request } = read(`${head}created_at: 2026-01-31T08:00:00Z\ndeadline: ${written}\n`);
    expect(request?.deadline?.value).toBe(Date.UTC(2026, 0, 31, 8) + hours * hour);
  });

  test.each([
    '< 24 hours',
    '<= 1 day',
    '24h',
    'less than 1 day',
    'at most 24 hours old',
    'no older than 24 hrs',
    '≤ 24 h',
  ])('accepts the freshness "%s"', (written) => {
    expect(read(`${head}freshness: "${written}"\n`).request?.freshness?.value).toBe(24 * hour);
  });

  test.each([
    ['100%', true],
    ['100 %', true],
    ['100% (no missing games)', true],
    ['complete', true],
    ['no missing games', true],
    ['best effort', false],
  ])('with the completeness "%s" asks for all: %s', (written, all) => {
    expect(read(`${head}completeness: "${written}"\n`).request?.completeness !== undefined).toBe(all);
  });

  it('may name its scope in one text', () => {
    const { request } = read(`${head}scope: play-by-play, odds and weather\n`);
    expect(request?.scope.map(({ text }) => text)).toEqual(['play-by-play, odds and weather']);
  });

  test.each([
    [
      'type: pipeline_task_failed\nfrom: x\n',
      '1:7 spec/bad-value: "type" must be "data_refresh_request", not "pipeline_task_failed" [only data refresh requests are supported]',
    ],
    [
      'type: data_refresh_request\n',
      '1:1 spec/missing-key: the request has no "from" [The team that makes the request and gets the answer.]',
    ],
    [
      `${head}deadlin: 2026-01-31T18:00:00Z\n`,
      '3:1 spec/unknown-key: a request has no key "deadlin" [did you mean "deadline"?]',
    ],
    [
      `${head}deadline: 2026-01-31T18:00:00\n`,
      '3:11 spec/bad-value: "deadline" must be a date and time with time zone, such as 2026-01-31T18:00:00Z, or a duration after "created_at", such as 2 hours, not "2026-01-31T18:00:00" [add the time zone: 2026-01-31T18:00:00Z for UTC, or 2026-01-31T18:00:00+01:00]',
    ],
    [`${head}deadline: 2026-01-31\n`, expect.stringContaining('[add the time: 2026-01-31T18:00:00Z]')],
    [
      `${head}deadline: 2026-02-30T18:00:00Z\n`,
      expect.stringContaining('[this day, time or time zone does not exist]'),
    ],
    [`${head}deadline: ASAP\n`, expect.stringContaining('[remove it, and write priority: urgent]')],
    [
      `${head}deadline: 2 hours\n`,
      '3:11 spec/missing-key: "2 hours" is relative, but the request has no "created_at" [add "created_at", or write the deadline as a date and time with time zone]',
    ],
    [
      `${head}freshness: 24\n`,
      '3:12 spec/bad-type: "freshness" must be an age such as "< 24 hours", not 24 [write "< 24 hours"]',
    ],
    [`${head}freshness: "> 1 day"\n`, expect.stringContaining('[it is the maximum age of the data]')],
    [
      `${head}completeness: 95%\n`,
      expect.stringContaining('[checks show whether data is missing, not how much: use 100%, or remove the key]'),
    ],
    [
      `${head}priority: hihg\n`,
      '3:11 spec/bad-value: "priority" must be one of low, normal, high, urgent, not "hihg" [did you mean "high"?]',
    ],
    [
      `${head}validate: yes\n`,
      '3:11 spec/bad-type: "validate" must be true, false or a list of checks, not "yes" [write true]',
    ],
    [`${head}scope: []\n`, expect.stringContaining('"scope" is empty')],
    [
      `${head}due: 2026-01-31T18:00Z\ndeadline: 2026-01-31T19:00Z\n`,
      '4:1 spec/duplicate-key: "deadline" repeats an earlier key [keep one of them]',
    ],
    ['just text\n', expect.stringContaining('1:1 spec/bad-type')],
    ['', expect.stringContaining('spec/bad-type')],
    [`${head}scope: [a\n`, expect.stringContaining('spec/yaml-syntax')],
    [`${head}scope: *all\n`, expect.stringContaining('spec/unsupported-yaml')],
  ])('with a mistake is refused at its place: %j', (text, mistake) => {
    expect(mistakesOf(text)).toEqual([mistake]);
    expect(read(text).request).toBeUndefined();
  });

  it('names all mistakes at once, and who sent it', () => {
    const { diagnostics, from } = read(`${head}priority: x\nfreshness: soon\nzzz: 1\n`);
    expect(diagnostics.map(({ at }) => at?.line)).toEqual([3, 4, 5]);
    expect(from).toBe('Research');
  });

  it('of any text is read without a throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((rest) => head + rest),
          fc.json(),
        ),
        (text) => {
          const { request, diagnostics } = read(text);
          expect(request === undefined).toBe(diagnostics.length > 0);
        },
      ),
    );
  });
});

it('the schema of requests in the documentation is the one that is read by', () => {
  const written = JSON.parse(readFileSync('docs/handoffs/data_refresh_request.schema.json', 'utf8'));
  expect(written).toEqual(requestSchema());
});
