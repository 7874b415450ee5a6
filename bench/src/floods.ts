/** `npm run bench -- floods`: memory under each flood, in a process of its own, and whether the bounds held. */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import type { SensorLimits } from '@wardline/sensor';
import { floods } from './floods/floods.ts';

interface Outcome {
  packets: number;
  dropped: Record<string, number>;
  evicted: Record<string, number>;
  mostBytes: number;
  mostConnections: number;
  peakMebibytes: number;
  limits: SensorLimits;
}

const runner = new URL('floods/runner.ts', import.meta.url).pathname;

export function run(args: string[]): void {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', default: '' },
      limits: { type: 'string', default: '' },
      packets: { type: 'string', default: '' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log('npm run bench -- floods [--only NAME] [--limits connections=65536,…] [--packets N]');
    for (const { name, what } of floods) console.log(`${name.padEnd(24)}${what}`);
    return;
  }
  console.log('| Flood | Packets | Packets/s | Peak memory | Most bytes held | Given up | Not understood |');
  console.log('| --- | --- | --- | --- | --- | --- | --- |');
  for (const { name } of floods.filter((flood) => flood.name.startsWith(values.only))) {
    const began = performance.now();
    const outcome = outcomeOf(name, values.limits, values.packets);
    console.log(row(name, outcome, (performance.now() - began) / 1000));
    if (!isWithin(outcome)) process.exitCode = 1;
  }
}

function outcomeOf(name: string, limits: string, packets: string): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, [runner, name, limits, packets], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${name}: ${stderr}`);
  const outcome: Outcome = JSON.parse(stdout);
  return outcome;
}

function isWithin({ mostBytes, mostConnections, limits }: Outcome): boolean {
  return mostConnections <= limits.connections && mostBytes <= limits.streamBytes + limits.fragmentBytes;
}

function row(name: string, outcome: Outcome, seconds: number): string {
  const number = (value: number) => Math.round(value).toLocaleString('en');
  const list = (counts: Record<string, number>) =>
    Object.entries(counts)
      .map(([cause, count]) => `${number(count)} ${cause}`)
      .join(', ') || 'nothing';
  const held = `${number(outcome.mostBytes / 1024)} KiB${isWithin(outcome) ? '' : ' (beyond its bound)'}`;
  const { packets, peakMebibytes, evicted, dropped } = outcome;
  return `| ${name} | ${number(packets)} | ${number(packets / seconds)} | ${peakMebibytes} MiB | ${held} | ${list(evicted)} | ${list(dropped)} |`;
}
