import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Lab, Place } from '../lab/lab.ts';
import { start } from '../lab/process.ts';

export interface Machine extends Place {
  ip: string;
  mac: string;
}

const machine = (id: string, ip: string, mac: string): Machine => ({ id, hostname: id, ip, mac });

/** One flat ward: three pumps, the station to which they report, the server, and a switch on which the sensor listens. */
export const ward = {
  switch: machine('switch', '10.93.30.2', '02:00:00:93:30:02'),
  server: machine('server', '10.93.30.1', '02:00:00:93:30:01'),
  station: machine('station', '10.93.30.34', '00:25:90:93:30:34'),
} as const;
export const pumps = [11, 12, 13].map((n) => machine(`pump-${n}`, `10.93.10.${n}`, `00:13:20:93:10:${n}`));

/** Cables of all to the switch. Offloading would leave checksums unfinished on the wire. */
export async function wireWard(lab: Lab): Promise<void> {
  const onCables = [ward.server, ward.station, ...pumps];
  for (const { id } of [ward.switch, ...onCables]) await lab.addNamespace(id);
  const middle = lab.namespaceOf(ward.switch.id);
  const script = [
    `ip -n ${middle} link set lo up`,
    `ip -n ${middle} link add br0 address ${ward.switch.mac} type bridge`,
    `ip -n ${middle} address add ${ward.switch.ip}/16 dev br0`,
    `ip -n ${middle} link set br0 up`,
    ...onCables.flatMap(({ id, ip, mac }) => {
      const space = lab.namespaceOf(id);
      return [
        `ip -n ${middle} link add ${id} type veth peer name eth0 netns ${space}`,
        `ip -n ${middle} link set ${id} master br0 up`,
        `ip -n ${space} link set eth0 address ${mac}`,
        `ip -n ${space} address add ${ip}/16 dev eth0`,
        `ip -n ${space} link set lo up`,
        `ip -n ${space} link set eth0 up`,
        `ip netns exec ${space} ethtool -K eth0 tx off >/dev/null`,
        `ip netns exec ${middle} ethtool -K ${id} tx off >/dev/null`,
      ];
    }),
  ];
  await lab.must(['sh', '-e'], { input: script.join('\n') });
}

/** Makes an image that takes some seconds on a slow line. */
const DRUGS = 5000;

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** The image of a release of the pump's firmware. */
export function firmware(version: string, works: boolean): string {
  const program = stripTypeScriptTypes(readFileSync(here('firmware.ts'), 'utf8'));
  const [before = '', after] = program.split('{"release":"is filled in here"}');
  if (after === undefined) throw new Error('firmware.ts has no place for its release');
  return `${before}${JSON.stringify({ version, works })}${after}\n// ${'drug library '.repeat(DRUGS)}\n`;
}

/** What a pump has beside its slots: the folder of its agent, and what stands at the bed. */
export const homeOf = (lab: Lab, { id }: Machine) => ({
  folder: lab.folder(`${id}/agent`),
  panel: `${lab.dir}/${id}/panel.json`,
});

export const logOf = (lab: Lab, { id }: Machine): string => `${lab.dir}/logs/${id}.log`;

/** What a nurse does at the bed. */
export function atBed(lab: Lab, pump: Machine, infusing: boolean, says: 'idle' | 'in-use'): void {
  lab.file(`${pump.id}/panel.json`, JSON.stringify({ infusing, says }));
}

/** Power on. */
export function switchOn(lab: Lab, pump: Machine, agent: readonly string[]): void {
  const { folder, panel } = homeOf(lab, pump);
  const setting = { serial: `B${pump.id}`, agent, folder, panel, station: ward.station.ip };
  const rom = lab.plainly(pump, [process.execPath, here('rom.ts'), folder, ...agent]);
  lab.watch(start(rom, logOf(lab, pump), { PUMP: JSON.stringify(setting) }));
}

/** Power off, in the middle of whatever it does. */
export async function cutPower(lab: Lab, pump: Machine): Promise<void> {
  const { stdout } = await lab.must(['ip', 'netns', 'pids', lab.namespaceOf(pump.id)]);
  for (const pid of stdout.split('\n').filter(Boolean)) process.kill(Number(pid), 'SIGKILL');
}
