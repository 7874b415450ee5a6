import { fileURLToPath } from 'node:url';
import type { Lab } from '../lab/lab.ts';
import { run, sleep } from '../lab/process.ts';
import type { Told } from '../speakers/talk.ts';
import { networkOf } from '../ward/device.ts';
import type { HouseB } from './house.ts';

const SPEAK = fileURLToPath(new URL('../speakers/speak.ts', import.meta.url));
/** How long a speaker gets until it listens, and a client until it has said everything. */
const [READY_MILLIS, TALK_MILLIS] = [30_000, 60_000];

/** House B while it is being recorded. */
export interface Stage {
  lab: Lab;
  house: HouseB;
}

/** What a device knows of itself, as its speaker is told it. */
function ownFacts({ house }: Stage, id: string, more: Told): Told {
  const { hostname, ip, mac, vendor, model, serial, software, vlan } = house.device(id);
  const agent = house.identity(id).agent ?? '';
  const plain = { vendor: vendor ?? '', model: model ?? '', serial: serial ?? '', software: software ?? '' };
  const broadcast = `${networkOf(vlan ?? 0)}.255`;
  return { ...plain, name: hostname, ip, mac, broadcast, agent, ...more };
}

/** Starts a device's own service and waits until it listens. */
export async function serve(
  stage: Stage,
  id: string,
  [protocol, role]: readonly [string, string],
  at: { tcp?: number; udp?: number },
  more: Told = {},
): Promise<void> {
  const told = ownFacts(stage, id, { port: at.tcp ?? at.udp ?? 0, ...more });
  const place = stage.house.device(id);
  stage.lab.startOn(place, [process.execPath, SPEAK, protocol, role, JSON.stringify(told)]);
  await (at.tcp === undefined ? bound(stage, id, at.udp ?? 0) : stage.lab.listening(place, at.tcp));
}

/** Has a device say its part to the end. */
export async function say(
  stage: Stage,
  id: string,
  [protocol, role]: readonly [string, string],
  more: Told = {},
): Promise<void> {
  const argv = [process.execPath, SPEAK, protocol, role, JSON.stringify(ownFacts(stage, id, more))];
  await stage.lab.mustOn(stage.house.device(id), argv, { timeoutMillis: TALK_MILLIS });
}

/** Waits until a UDP port is bound in the device's name space. */
export async function bound({ lab, house }: Stage, id: string, port: number): Promise<void> {
  const until = performance.now() + READY_MILLIS;
  while (performance.now() < until) {
    const { stdout } = await run(lab.plainly(house.device(id), ['ss', '-Huln', `sport = :${port}`]));
    if (stdout.trim() !== '') return;
    await sleep(50);
  }
  throw new Error(`${id}: nothing is bound to UDP port ${port}`);
}
