/** Lets one flood onto a sensor and prints what it cost: the process that is measured. Arguments: name, limits, packets. */
import { parseLimits, Redactor, Sensor, type SensorDelta } from '@wardline/sensor';
import { floods } from './floods.ts';
import { Frame } from './packets.ts';

const [name = '', limitsText = '', packetsText = ''] = process.argv.slice(2);
const flood = floods.find((one) => one.name === name);
if (!flood) throw new Error(`there is no flood ${name}`);
const parsed = parseLimits(limitsText);
if ('problem' in parsed) throw new Error(parsed.problem);
const { limits } = parsed;
const packets = packetsText === '' ? flood.packets : Number(packetsText);
const sensor = new Sensor({ capture: 'flood', redactor: new Redactor(new Uint8Array(32), []), limits });
const frame = new Frame();
const counts = { packets: 0, dropped: {} as Record<string, number>, evicted: {} as Record<string, number> };
let mostBytes = 0;
let mostConnections = 0;

function take({ statistics }: SensorDelta): void {
  counts.packets += statistics.packets;
  for (const which of ['dropped', 'evicted'] as const) {
    for (const [cause, count] of Object.entries(statistics[which]))
      counts[which][cause] = (counts[which][cause] ?? 0) + count;
  }
}

for (let i = 0; i < packets; i++) {
  flood.write(frame, i);
  // A hundred thousand packets a second.
  sensor.frame(1, frame.bytes, 0, frame.length, frame.length, 1_700_000_000_000_000 + i * 10, i + 1);
  if (sensor.full) take(sensor.drain());
  mostBytes = Math.max(mostBytes, sensor.streamBytes + sensor.fragmentBytes);
  mostConnections = Math.max(mostConnections, sensor.connections);
}
for (const delta of sensor.finish()) take(delta);
const { maxRSS } = process.resourceUsage();
console.log(
  JSON.stringify({
    ...counts,
    mostBytes,
    mostConnections,
    peakMebibytes: Math.round(maxRSS / 1024),
    limits: sensor.limits,
  }),
);
