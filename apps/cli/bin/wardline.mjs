#!/usr/bin/env -S node --max-semi-space-size=8
// Runs Wardline on the Node.js that the repository pins. It must itself run on any Node.js since 18, so it is plain
// JavaScript and imports nothing of Wardline's before the version is known to be right.
// A sensor makes much that lives shortly: left alone, V8 lets that grow to 128 MiB before it looks (docs/benchmarks.md).
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module from 'node:module';
import { constants, homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
const self = fileURLToPath(import.meta.url);
const here = dirname(self);
const main = new URL('../src/main.ts', import.meta.url);

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  keepCompiled();
  await import(main.href);
} else runOnPinned();

/**
 * Keeps what is compiled, which halves the time to start. In the user's own folder: what lies in the common temporary
 * folder anybody could have written. Where it cannot be kept, nothing is lost.
 */
function keepCompiled() {
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE ?? join(caches, 'wardline', 'compiled'));
}

function runOnPinned() {
  const node = pinnedNode();
  if (node === null) {
    process.stderr.write(
      `wardline: needs Node.js ${NEEDED} or newer, and this is ${process.versions.node}. The repository brings its own ` +
        `for Linux on x64 and arm64: run "npm ci" in its folder (without --omit=optional), or install Node.js ${NEEDED}.\n`,
    );
    process.exit(2);
  }
  const child = spawn(node, [...process.execArgv, self, ...process.argv.slice(2)], { stdio: 'inherit' });
  // A terminal sends its signals to both; other senders only know this process.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'])
    process.on(signal, () => {
      if (!process.stdin.isTTY || signal === 'SIGTERM') child.kill(signal);
    });
  child.on('error', (error) => {
    process.stderr.write(`wardline: cannot run ${node}: ${error.message}\n`);
    process.exit(2);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

/** Looks in every node_modules folder above, since npm may hoist the package. */
function pinnedNode() {
  const name = `node-${process.platform}-${process.arch}`;
  for (let folder = here; ; folder = dirname(folder)) {
    const candidate = join(
      folder,
      'node_modules',
      name,
      'bin',
      process.platform === 'win32' ? 'node.exe' : 'node',
    );
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) return null;
  }
}
