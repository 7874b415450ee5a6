/**
 * What runs on the simulated pump: with types taken away and its release filled in, this file is the image that lies in a slot. It brings
 * no other file, as a slot holds one image.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

interface Release {
  version: string;
  /** An image that does not hangs as soon as it starts. */
  works: boolean;
}

/** What the hospital has set on the pump. */
interface Setting {
  serial: string;
  /** The agent's command line. */
  agent: string[];
  folder: string;
  /** File with what stands at the bed. */
  panel: string;
  /** Where observations go (MLLP), and where it says that it is there (HTTP). */
  station: string;
}

interface Panel {
  infusing: boolean;
  /** What it answers when it is asked whether it is in use; a pump can be wrong. */
  says: 'idle' | 'in-use';
}

const ALIVE_MILLIS = 250;
const TURN_MILLIS = 1500;
const release = JSON.parse('{"release":"is filled in here"}') as Release;
const setting = JSON.parse(process.env.PUMP ?? '') as Setting;

const say = (words: string) => process.stdout.write(`${words}\n`);

async function agent(verb: string, ...more: string[]): Promise<{ state: string }> {
  const [program = '', ...before] = setting.agent;
  const asked = promisify(execFile)(program, [
    ...before,
    verb,
    '--folder',
    setting.folder,
    '--json',
    ...more,
  ]);
  // It has to wait, or nobody answers: the next turn asks again.
  const { stdout } = await asked.catch((error: { stdout: string }) => error);
  return stdout.startsWith('{') ? (JSON.parse(stdout) as { state: string }) : { state: 'nobody answers' };
}

/** One message on a connection of its own, and the first piece of its answer. */
function ask(port: number, message: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, setting.station, () => socket.write(message, 'latin1'));
    socket.once('data', (answer) => {
      socket.end();
      resolve(answer.toString('latin1'));
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('no answer')));
  });
}

/** IHE PCD-01: how fast it pumps, for whom. */
function observe(): Promise<string> {
  const time = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
  const segments = [
    `MSH|^~\\&|PUMP|ICU|STATION|ICU|${time}||ORU^R01^ORU_R01|${time}|P|2.6|||NE|AL|||||IHE_PCD_001^IHE PCD^1.3.6.1.4.1.19376.1.6.1.1.1^ISO`,
    'PID|1||4711^^^ICU^MR||MUSTER^ERIKA',
    `OBR|1|${time}|${time}|69985^MDC_DEV_PUMP_INFUS_MDS^MDC|||${time}`,
    `OBX|1||69985^MDC_DEV_PUMP_INFUS_MDS^MDC|1.0.0.0|||||||X|||||||${setting.serial}^B. Braun`,
    'OBX|2|NM|157784^MDC_FLOW_FLUID_PUMP^MDC|1.1.2.157784|12.5|265266^MDC_DIM_MILLI_L_PER_HR^MDC|||||R',
  ];
  return ask(2575, `\v${segments.join('\r')}\r\x1c\r`);
}

/** That it is there and pumps nothing. */
function greet(): Promise<string> {
  const body = JSON.stringify({ serial: setting.serial, software: release.version, state: 'stopped' });
  const head = [
    'POST /pump/v1/status HTTP/1.1',
    `Host: ${setting.station}`,
    `User-Agent: Infusomat/${release.version}`,
    `Content-Length: ${body.length}`,
  ];
  return ask(8080, `${head.join('\r\n')}\r\n\r\n${body}`);
}

async function turn(): Promise<void> {
  const { infusing, says } = JSON.parse(readFileSync(setting.panel, 'utf8')) as Panel;
  await (infusing ? observe() : greet());
  const step = await agent('update', '--use', says);
  say(`${release.version}: ${JSON.stringify(step)}`);
  // It reached its station and its agent: it works.
  if (step.state === 'on-trial') await agent('confirm');
  if (step.state === 'installed' && !infusing) process.exit(0);
}

if (!release.works) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
setInterval(() => say('alive'), ALIVE_MILLIS);
for (;;) {
  await turn().catch((error: Error) => say(`${release.version}: ${error.message}`));
  await sleep(TURN_MILLIS);
}
