type Rule = {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly children: readonly string[];
};

const message: Rule = { required: [], optional: ['type', 'message'], children: [] };
const text: Rule = { required: [], optional: [], children: [] };

/** What `junit-10.xsd` of Jenkins' xunit plugin allows, as far as reports of runs need it. */
const rules: Readonly<Record<string, Rule>> = {
  '': { required: [], optional: [], children: ['testsuites', 'testsuite'] },
  testsuites: { required: [], optional: ['name', 'time', 'tests', 'failures', 'errors'], children: ['testsuite'] },
  testsuite: {
    required: ['name', 'tests', 'failures', 'errors'],
    optional: ['time', 'skipped', 'timestamp', 'hostname', 'id', 'package', 'file', 'log', 'url'],
    children: ['testsuite', 'properties', 'testcase', 'system-out', 'system-err'],
  },
  testcase: {
    required: ['name'],
    optional: ['time', 'classname', 'group'],
    children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
  },
  properties: { required: [], optional: [], children: ['property'] },
  property: { required: ['name', 'value'], optional: [], children: [] },
  failure: message,
  error: message,
  skipped: message,
  'system-out': text,
  'system-err': text,
};

const time = /^(([0-9]{0,3},)*[0-9]{3}|[0-9]{0,3})*(\.[0-9]*)?$/;

/** Each breach of the schema in a report, in its order: `testsuites has skipped`. */
export function breachesOfJenkins(xml: string): readonly string[] {
  const breaches: string[] = [];
  const open: string[] = [''];
  for (const [, close, name = '', list = '', empty] of xml.matchAll(/<(\/?)([a-z-]+)((?:\s+\w+="[^"]*")*)\s*(\/?)>/g)) {
    const parent = open[open.length - 1]!;
    if (close === '/') {
      if (open.pop() !== name) breaches.push(`</${name}> in ${parent}`);
      continue;
    }
    if (empty === '') open.push(name);
    const rule = rules[name];
    if (rule === undefined || !rules[parent]?.children.includes(name)) {
      breaches.push(`${name} in ${parent}`);
      continue;
    }
    const attributes = new Map([...list.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]));
    const allowed = [...rule.required, ...rule.optional];
    for (const key of attributes.keys()) if (!allowed.includes(key)) breaches.push(`${name} has ${key}`);
    for (const key of rule.required) if (!attributes.has(key)) breaches.push(`${name} lacks ${key}`);
    if (!time.test(attributes.get('time') ?? '')) breaches.push(`${name} takes ${attributes.get('time')}`);
  }
  if (open.length !== 1) breaches.push(`${open[open.length - 1]} is not closed`);
  return breaches;
}
