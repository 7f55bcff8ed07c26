// Loaded into the program before anything else (`node --import`): counts the calls of each kind that it makes of the system,
// and lets those that ETL_TUI_TEST_FAULT names fail as the system itself would: `{ kind, at, error, recovers, report }`.
// The call number `at` of the kind fails, and without `recovers` every later one as well; without `at` all are only counted.
// At the end the file `report` gets `{ counts, failed }`.
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import os from 'node:os';

const { kind, at, error, recovers, report } = JSON.parse(process.env.ETL_TUI_TEST_FAULT);
delete process.env.ETL_TUI_TEST_FAULT;

const counts = { open: 0, write: 0, fsync: 0, rename: 0, mkdir: 0, remove: 0, spawn: 0, connect: 0, query: 0 };
const failed = [];
const { writeFileSync } = fs;
process.on('exit', () => writeFileSync(report, JSON.stringify({ counts, failed })));

/** Counts a call; returns whether it is to fail. */
function fails(of, what) {
  counts[of] += 1;
  if (of !== kind || at === undefined || (recovers ? counts[of] !== at : counts[of] < at)) return false;
  // Enough to find the place in the program.
  if (failed.length < 3)
    failed.push(`${of} ${counts[of]}: ${what} ${new Error().stack?.split('\n').slice(3, 9).join(' ')}`);
  return true;
}

function systemError(syscall, path, code = error) {
  const number = os.constants.errno[code] ?? os.constants.errno.EIO;
  const place = path === undefined ? '' : ` '${path}'`;
  return Object.assign(new Error(`${code}: failed by a test, ${syscall}${place}`), {
    code,
    errno: -number,
    syscall,
    path,
  });
}

/** Neither the program's own modules nor what the kernel tells, which is read a thousand times and never written. */
function isOurs(path) {
  const text = path instanceof URL ? path.pathname : String(path);
  return !/^\/(?:proc|sys)\/|^\/(?:proc|sys)$|\/dist\/|\/node_modules\//.test(text);
}

const isStandard = (fd) => fd === 1 || fd === 2;

/** With what the original carries besides, such as how `promisify` treats it. */
function like(original, replacement) {
  return Object.defineProperties(replacement, Object.getOwnPropertyDescriptors(original));
}

/** Replaces a function in its synchronous form, with a callback, and as a promise. */
function replace(of, names, accepts = isOurs) {
  for (const name of names) {
    const sync = fs[`${name}Sync`];
    if (sync !== undefined) {
      fs[`${name}Sync`] = like(sync, (...args) => {
        if (accepts(args[0]) && fails(of, `${name}Sync ${args[0]}`)) throw systemError(name, args[0]);
        return sync(...args);
      });
    }
    const withCallback = fs[name];
    if (withCallback !== undefined) {
      const replaced = (...args) => {
        if (!accepts(args[0]) || !fails(of, `${name} ${args[0]}`)) return withCallback(...args);
        const callback = args.at(-1);
        setImmediate(() => callback(systemError(name, args[0])));
      };
      fs[name] = like(withCallback, replaced);
    }
    const promised = fs.promises[name];
    if (promised !== undefined) {
      fs.promises[name] = async (...args) => {
        if (accepts(args[0]) && fails(of, `promises.${name} ${args[0]}`)) throw systemError(name, args[0]);
        return promised(...args);
      };
    }
  }
}

// Before opening can fail.
await replaceHandles();

const isPath = (path) => typeof path !== 'number' && isOurs(path);

replace('open', ['open', 'readFile', 'readdir', 'opendir'], isPath);
// Both opens and writes, and cannot write a part of what it was given.
replace('open', ['writeFile', 'appendFile'], isPath);
if (error !== 'short') replace('write', ['writeFile', 'appendFile'], isOurs);
replace('fsync', ['fsync', 'fdatasync'], (fd) => !isStandard(fd));
replace('rename', ['rename', 'link']);
replace('mkdir', ['mkdir', 'mkdtemp']);
replace('remove', ['rm', 'unlink', 'rmdir']);

// Of files that are open: a short write takes a half, and says so, as a disk does that is nearly full.
const isShort = error === 'short';

function replaceWrites() {
  const { writeSync, write } = fs;
  fs.writeSync = (fd, data, ...rest) => {
    if (isStandard(fd) || !fails('write', `writeSync ${fd}`)) return writeSync(fd, data, ...rest);
    if (!isShort) throw systemError('write');
    const bytes = Buffer.from(data);
    const [offset = 0, length = bytes.length - offset, position = null] = typeof data === 'string' ? [] : rest;
    return writeSync(fd, bytes, offset, Math.ceil(length / 2), position);
  };
  const replaced = (fd, data, ...rest) => {
    if (isStandard(fd) || !fails('write', `write ${fd}`)) return write(fd, data, ...rest);
    const callback = rest.pop();
    if (!isShort) return void setImmediate(() => callback(systemError('write')));
    const bytes = Buffer.from(data);
    const [offset = 0, length = bytes.length - offset, position = null] = typeof data === 'string' ? [] : rest;
    write(fd, bytes, offset, Math.ceil(length / 2), position, callback);
  };
  fs.write = like(write, replaced);
}

async function replaceHandles() {
  const handle = await fs.promises.open('/dev/null', 'r');
  const proto = Object.getPrototypeOf(handle);
  await handle.close();
  for (const [of, name] of [
    ['write', 'write'],
    ['write', 'writeFile'],
    ['write', 'appendFile'],
    ['fsync', 'sync'],
    ['fsync', 'datasync'],
  ]) {
    const method = proto[name];
    proto[name] = async function (...args) {
      if (!fails(of, `FileHandle.${name}`)) return method.apply(this, args);
      if (!isShort) throw systemError(of);
      return method.apply(this, args);
    };
  }
}

// A program that cannot be started: the handle of Node.js itself returns the error. Its pipes exist by then, as they do when
// there is no such program, unless it was they that could not be opened.
function replaceSpawn() {
  const { spawn } = childProcess.ChildProcess.prototype;
  childProcess.ChildProcess.prototype.spawn = function (options) {
    if (fails('spawn', options.file)) {
      const { _handle: handle } = this;
      const start = handle.spawn;
      handle.spawn = (given) => {
        if (error !== 'EMFILE') start.call(handle, { ...given, file: '/no/such/program' });
        return -os.constants.errno[error];
      };
    }
    return spawn.call(this, options);
  };
}

// Connections by TCP: of a server that is not there, and one that is lost when something is sent. `silence` never answers.
function replaceConnections() {
  const { connect, write } = net.Socket.prototype;
  const connected = new WeakSet();
  // What is sent behind a lost part never arrives either: a server cannot be sent a statement with a hole in it.
  const silent = new WeakSet();
  net.Socket.prototype.connect = function (...args) {
    const [first] = Array.isArray(args[0]) ? args[0] : args;
    const isLocal = typeof first === 'object' && first !== null && 'path' in first && first.path !== undefined;
    if (isLocal) return connect.apply(this, args);
    connected.add(this);
    if (!fails('connect', JSON.stringify(first))) return connect.apply(this, args);
    this.connecting = true;
    if (error !== 'silence') setImmediate(() => this.destroy(systemError('connect')));
    return this;
  };
  net.Socket.prototype.write = function (...args) {
    if (silent.has(this)) return true;
    if (!connected.has(this) || !fails('query', '')) return write.apply(this, args);
    if (error === 'silence') silent.add(this);
    else setImmediate(() => this.destroy(systemError('read')));
    return true;
  };
}

replaceWrites();
replaceSpawn();
replaceConnections();
syncBuiltinESMExports();
