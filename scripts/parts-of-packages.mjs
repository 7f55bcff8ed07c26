// A plugin of esbuild. Some packages offer all that they have by one module, of which a bundler can leave nothing out: of
// these, only the parts that are used are bundled, which are less than half.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

const parts = {
  undici: {
    // What the package's own module does to all dispatchers: a tunnel through a proxy is a call of connect.
    EnvHttpProxyAgent:
      "(require('undici/lib/dispatcher/dispatcher.js').prototype.connect = require('undici/lib/api/api-connect.js'), require('undici/lib/dispatcher/env-http-proxy-agent.js'))",
    fetch: "require('undici/lib/web/fetch/index.js').fetch",
  },
  systeminformation: {
    currentLoad: "require('systeminformation/lib/cpu.js').currentLoad",
    mem: "require('systeminformation/lib/memory.js').mem",
  },
};

const wasmText = /(['"])((?:data:[^'"]*,)?)([A-Za-z0-9+/=]{8000,})\1/;

/** @param root absolute; the checkout */
export function partsOfPackages(root) {
  return {
    name: 'parts-of-packages',
    setup(build) {
      const names = Object.keys(parts).join('|');
      build.onResolve({ filter: new RegExp(`^(${names})$`) }, ({ path }) => ({ path, namespace: 'parts' }));
      build.onLoad({ filter: /.*/, namespace: 'parts' }, ({ path }) => ({
        contents: Object.entries(parts[path])
          .map(([name, from]) => `exports.${name} = ${from};`)
          .join('\n'),
        resolveDir: root,
      }));
      // The same parser of HTTP, for processors of which a program cannot know before.
      build.onResolve({ filter: /\/llhttp_simd-wasm\.js$/ }, () => ({
        path: join(root, 'node_modules/undici/lib/llhttp/llhttp-wasm.js'),
      }));
      // Programs of WebAssembly as text: half as large to download when that text is compressed before.
      build.onLoad({ filter: /\/(?:yoga-wasm-base64-esm|llhttp-wasm)\.js$/ }, ({ path }) => {
        const [before, quote, head, program, after] = readFileSync(path, 'utf8').split(wasmText);
        const text = brotliCompressSync(Buffer.from(program, 'base64')).toString('base64');
        const unpacked = `process.getBuiltinModule('zlib').brotliDecompressSync(Buffer.from('${text}', 'base64'))`;
        return { contents: `${before}(${quote}${head}${quote} + ${unpacked}.toString('base64'))${after}` };
      });
      // With DEV=true in the environment Ink would look for its developer tools.
      build.onResolve({ filter: /^\.\/devtools\.js$/ }, ({ path }) => ({ path, namespace: 'left-out' }));
      build.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'export {};' }));
    },
  };
}
