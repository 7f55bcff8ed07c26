import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = join(dirname(fileURLToPath(import.meta.url)), '../node_modules/.cache/nodes');

/**
 * The path of Node.js in a version, which is fetched from npm when it is not there yet.
 * @param version such as `22`, for the newest of these, or `20.19.0`
 */
export function installNode(version) {
  const directory = join(cache, version);
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  const name = `${prefix}-${process.platform}-${process.arch}`;
  const node = join(directory, 'node_modules', name, 'bin/node');
  if (existsSync(node)) return node;
  mkdirSync(directory, { recursive: true });
  // The package "node" would choose this one by a script at its installation.
  const options = ['--prefix', directory, '--no-save', '--no-package-lock', '--ignore-scripts'];
  execFileSync('npm', ['install', ...options, `${name}@${version}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  return node;
}
