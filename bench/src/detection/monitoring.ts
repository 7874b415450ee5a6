/** `npm run bench -- monitoring`: conversations judged per second on one core, and memory for ten thousand devices. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Conversation } from '@wardline/model';
import { Watch } from '@wardline/watch';
import { Chance } from '../chance.ts';

/** Otherwise what nobody holds any more would be counted. */
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const DEVICES = 10_000;
const PEERS = 6;
const HOUR = 3_600_000_000;
const SLICE = 300_000_000;
const START = Date.UTC(2026, 10, 23) * 1000;

export function run(): void {
  const before = heap();
  const watch = new Watch('learning');
  const learnt = judge(watch, START, 24);
  watch.endLearning();
  const watched = judge(watch, START + 24 * HOUR, 6);
  const held = heap() - before;
  const started = performance.now();
  const state = JSON.stringify(watch.save());
  const saved = performance.now() - started;
  console.log(
    `devices                       ${DEVICES.toLocaleString('en-US')}, ${PEERS} peers each, slices of five minutes`,
  );
  console.log(
    `learning, conversations/s     ${Math.round(learnt).toLocaleString('en-US')} (CPU time of one core)`,
  );
  console.log(`judging, conversations/s      ${Math.round(watched).toLocaleString('en-US')}`);
  console.log(`memory held                   ${(held / 2 ** 20).toFixed(0)} MiB`);
  console.log(
    `state to store                ${(state.length / 2 ** 20).toFixed(0)} MiB, ${saved.toFixed(0)} ms`,
  );
}

function heap(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

/** Conversations per second of CPU. Each device speaks with its peers once an hour, spread over the hour. */
function judge(watch: Watch, from: number, hours: number): number {
  const random = new Chance(7);
  let conversations = 0;
  let micros = 0;
  for (let slice = 0; slice < hours * 12; slice += 1) {
    const rows = sliceOf(from + slice * SLICE, slice, random);
    const { user, system } = process.cpuUsage();
    watch.take(rows, []);
    const after = process.cpuUsage();
    micros += after.user + after.system - user - system;
    conversations += rows.length;
  }
  return conversations / (micros / 1e6);
}

function sliceOf(at: number, slice: number, random: Chance): Conversation[] {
  const rows: Conversation[] = [];
  for (let device = slice % 12; device < DEVICES; device += 12)
    for (let peer = 0; peer < PEERS; peer += 1) rows.push(row(device, peer, at + random.below(SLICE)));
  return rows;
}

function row(device: number, peer: number, at: number): Conversation {
  const server = (device * 7 + peer * 13) % 200;
  return {
    client: { mac: null, ip: `10.1.${device >> 8}.${device & 255}`, vlan: 20 },
    server: { mac: null, ip: `10.2.0.${server}`, vlan: 20 },
    serverPort: 104 + peer,
    transport: 'tcp',
    application: peer === 0 ? 'dicom' : peer === 1 ? 'hl7' : 'tls',
    protection: 'tls1.2',
    basis: 'syn',
    slice: at - (at % SLICE),
    firstSeen: at,
    lastSeen: at + 2_000_000,
    packetsFromClient: 20,
    packetsFromServer: 20,
    bytesFromClient: 20_000,
    bytesFromServer: 4000,
    connections: { opened: 1, established: 1, refused: 0, unanswered: 0, closed: 1, reset: 0 },
    facts: {},
    evidence: { capture: 'bench', packet: 1 },
  };
}
