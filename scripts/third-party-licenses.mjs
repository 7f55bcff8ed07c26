// The licences of the packages that are bundled into dist/, which is what the program is distributed with: their terms ask
// for their text and their copyright in every copy.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The text of THIRD-PARTY-LICENSES: every package of which something is in the bundle, by name. Throws when a package has
 * no licence that can be given.
 * @param root absolute; the checkout
 * @param metafile what esbuild says of the bundle
 */
export function thirdPartyLicenses(root, metafile) {
  const read = [...bundledPackages(metafile)].map(([directory, files]) => readPackage(root, directory, files));
  // A package of one version may be there several times.
  const packages = [...new Map(read.map((one) => [one.title, one])).values()].sort((a, b) =>
    a.title < b.title ? -1 : 1,
  );
  const list = packages.map(({ title, license }) => `  ${title} (${license})`).join('\n');
  const texts = packages.map(
    ({ title, license, text }) => `${'-'.repeat(80)}\n${title}\nLicence: ${license}\n\n${text}\n`,
  );
  return `etl-tui is distributed with these packages bundled into it:\n\n${list}\n\n${texts.join('\n')}`;
}

/** By the directory of each package below the checkout, the files of it that are in the bundle. */
export function bundledPackages(metafile) {
  const found = new Map();
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const [, directory] = /^(.*\bnode_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path) ?? [];
      if (directory === undefined || bytesInOutput === 0) continue;
      found.set(directory, [...(found.get(directory) ?? []), path]);
    }
  }
  return found;
}

function readPackage(root, directory, files) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(root, directory, 'package.json'), 'utf8'));
  const title = `${name} ${version}`;
  const text =
    licenseFiles(join(root, directory)) ??
    licenseOfReadme(join(root, directory)) ??
    (license === 'MIT' ? mit(copyrightIn(root, files) ?? authorOf(author)) : undefined);
  if (typeof license !== 'string' || text === undefined) throw new Error(`${title} has no licence that can be given`);
  return { title, license, text };
}

function licenseFiles(directory) {
  const names = readdirSync(directory).filter((name) => /^(licen[cs]e|copying|notice)([-.].*)?$/i.test(name));
  return names.length === 0
    ? undefined
    : names
        .sort()
        .map((name) => readFileSync(join(directory, name), 'utf8').trim())
        .join('\n\n');
}

/** A section that holds the whole text, and does not only name the licence. */
function licenseOfReadme(directory) {
  const readme = readdirSync(directory).find((name) => /^readme\.md$/i.test(name));
  const text = readme === undefined ? '' : readFileSync(join(directory, readme), 'utf8');
  const [, section] = /^#+ *licen[cs]e\s*\n([\s\S]*?)(?=^#|$(?![\s\S]))/im.exec(text) ?? [];
  return section?.includes('THE SOFTWARE IS PROVIDED') ? section.trim() : undefined;
}

function copyrightIn(root, files) {
  for (const file of files) {
    const [line] = /Copyright \(c\) .*/i.exec(readFileSync(join(root, file), 'utf8').slice(0, 2_000)) ?? [];
    if (line !== undefined) return line.trim();
  }
  return undefined;
}

function authorOf(author) {
  const name = typeof author === 'string' ? author : author?.name;
  return name === undefined ? undefined : `Copyright (c) ${name}`;
}

function mit(copyright) {
  if (copyright === undefined) return undefined;
  return `MIT License

${copyright}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation
files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy,
modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
}
