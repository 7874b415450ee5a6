/** In a test run: keeps what the harness feeds the dissectors. */
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { HarnessRun } from '../packages/sensor/src/testing/harness.ts';
import { load, root, save } from './corpus.ts';
import { bounded, CLIENT, type Input, portsStep, SERVER, type Step } from './input.ts';

/** Of one target in one file of tests: the first are those that the tests themselves state. */
const MOST_INPUTS = 1500;
const inputs = new Map<string, Input[]>();

Object.assign(globalThis, {
  wardlineRuns(run: HarnessRun) {
    const id = `${run.name}/${run.kind}`;
    const known = inputs.get(id) ?? [];
    inputs.set(id, known);
    if (known.length < MOST_INPUTS) known.push(bounded(inputOf(run)));
  },
});

function inputOf(run: HarnessRun): Input {
  if ('payloads' in run) return run.payloads.map((bytes) => ({ kind: CLIENT, bytes: bytes.slice() }));
  const steps = run.steps.map(([from, content]): Step => {
    const kind = from === 'client' ? CLIENT : SERVER;
    if (typeof content === 'string') return { kind, bytes: Buffer.from(content, 'latin1') };
    if ('lost' in content) return { kind: kind | 2, bytes: new Uint8Array(Math.min(content.lost, 4096)) };
    return { kind, bytes: content.slice() };
  });
  const { clientPort, serverPort } = run.around;
  const usual = clientPort === undefined && serverPort === undefined;
  return usual ? steps : [portsStep(clientPort ?? 50_000, serverPort ?? 1234), ...steps];
}

afterAll(() => {
  const folder = join(root, '.tmp/fuzz/tests', String(process.pid));
  for (const [id, found] of inputs) save(folder, id, [...load(folder, id), ...found]);
  inputs.clear();
});
