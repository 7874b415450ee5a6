/** Reads one capture with all dissectors on (or none, where the second argument says `conversations`) and prints what came of it: the process that is measured. */
import { closeSync, openSync, readSync } from 'node:fs';
import { Redactor, sense } from '@wardline/sensor';

const file = process.argv[2] ?? '';
const redactor = new Redactor(new Uint8Array(32), []);
const none = { stream: [], datagram: [], frame: [], packet: [] };
const run = sense(chunks(file), {
  file: 'bench.pcap',
  sensor: 'bench',
  stream: 'bench',
  redactor,
  ...(process.argv[3] === 'conversations' ? { dissectors: none } : {}),
});
let conversations = 0;
let sightings = 0;
let step = await run.next();
for (; step.done !== true; step = await run.next()) {
  conversations += step.value.conversations.length;
  sightings += step.value.sightings.length;
}
console.log(JSON.stringify({ ...step.value, conversations, sightings }));

/** One buffer for all reads, since the sensor is done with a chunk when it asks for the next. */
async function* chunks(path: string): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(1 << 18);
  const handle = openSync(path, 'r');
  try {
    for (let length = readSync(handle, buffer); length > 0; length = readSync(handle, buffer)) {
      yield buffer.subarray(0, length);
    }
  } finally {
    closeSync(handle);
  }
}
