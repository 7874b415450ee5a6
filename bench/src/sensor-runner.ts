/** Reads one capture with all dissectors on and prints what came of it: the process that is measured. */
import { createReadStream } from 'node:fs';
import { Redactor, sense } from '@wardline/sensor';

const file = process.argv[2] ?? '';
const source = createReadStream(file, { highWaterMark: 1 << 19 });
const redactor = new Redactor(new Uint8Array(32), []);
const run = sense(source, { file: 'bench.pcap', sensor: 'bench', stream: 'bench', redactor });
let conversations = 0;
let sightings = 0;
let step = await run.next();
for (; step.done !== true; step = await run.next()) {
  conversations += step.value.conversations.length;
  sightings += step.value.sightings.length;
}
console.log(JSON.stringify({ ...step.value, conversations, sightings }));
