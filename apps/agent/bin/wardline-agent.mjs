#!/usr/bin/env node
// The agent of a device: enrols, renews, reports and seals. Plain JavaScript, so that any Node.js says which one is needed.
const NEEDED = 24;
if (Number(process.versions.node.split('.')[0]) < NEEDED) {
  process.stderr.write(
    `wardline-agent: needs Node.js ${NEEDED} or newer, and this is ${process.versions.node}.\n`,
  );
  process.exit(2);
}
await import('../src/main.ts');
