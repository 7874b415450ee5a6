import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Lab } from '../lab/lab.ts';
import { sleep } from '../lab/process.ts';
import { hosts } from './hospital.ts';

const speaker = (name: string) => fileURLToPath(new URL(`../speakers/${name}`, import.meta.url));

/** What clinicians need, each done by the programs that do it; an exception where it cannot be done. */
export const jobs: Readonly<Record<string, (lab: Lab) => Promise<void>>> = {
  'an image is stored': storeImage,
  'a result is sent': sendResult,
  'a monitor is read': readMonitor,
  'an address is got and renewed': getAddress,
};

async function storeImage(lab: Lab): Promise<void> {
  const file = `${lab.dir}/image.dcm`;
  if (!existsSync(file)) await lab.must(['dump2dcm', lab.file('image.dump', imageDump()), file]);
  await lab.mustOn(hosts.ct, ['storescu', '-aet', 'CT_EMERG', '-aec', 'PACS1', hosts.pacs.ip, '104', file]);
}

function imageDump(): string {
  return [
    '(0008,0016) UI [1.2.840.10008.5.1.4.1.1.7]',
    '(0008,0018) UI [2.25.92.1.1.1]',
    '(0008,0060) CS [CT]',
    '(0008,0070) LO [SIEMENS]',
    '(0008,1090) LO [SOMATOM go.Top]',
    '(0010,0010) PN [MUSTER^ERIKA]',
    '(0010,0020) LO [4711]',
    '(0020,000d) UI [2.25.92.1]',
    '(0020,000e) UI [2.25.92.1.1]',
    '',
  ].join('\n');
}

export const result = [
  'MSH|^~\\&|COBAS|LAB|LIS|LAB|20261123||ORU^R01^ORU_R01|R1|P|2.5.1',
  'PID|1||4711||MUSTER^ERIKA',
  'OBR|1||S1|GLU^Glucose^L',
  'OBX|1|NM|GLU^Glucose^L||5.4|mmol/L|||||F',
].join('\n');

async function sendResult(lab: Lab): Promise<void> {
  const send = [
    process.execPath,
    speaker('mllp-send.ts'),
    hosts.lis.ip,
    '2575',
    lab.file('result.hl7', result),
  ];
  await lab.mustOn(hosts.analyser, send);
}

/** The central station's way to ask a monitor; whoever reaches the monitor can do it. */
export const askMonitor = [
  process.execPath,
  speaker('speak.ts'),
  'intellivue',
  'station',
  JSON.stringify({ hosts: [hosts.monitor.ip] }),
];

async function readMonitor(lab: Lab): Promise<void> {
  await lab.mustOn(hosts.station, askMonitor);
}

/** Called by udhcpc with what happened. The address has a prefix of its own, since every cable ends at the gateway. */
const CLIENT_SCRIPT = `#!/bin/sh
case "$1" in
bound | renew)
  command ip addr replace "$ip/32" dev eth0
  command ip route replace "$router" dev eth0
  command ip route replace default via "$router"
  echo "$1" >> "$WL_EVENTS" ;;
esac
exit 0
`;
const PATIENCE_MILLIS = 120_000;

async function getAddress(lab: Lab): Promise<void> {
  const script = lab.file('dhcp/client.sh', CLIENT_SCRIPT, 0o755);
  const events = lab.file('dhcp/events', '');
  const client = ['busybox', 'udhcpc', '-f', '-n', '-t', '8', '-T', '1', '-i', 'eth0', '-s', script];
  const child = lab.startOn(hosts.pump, client, { env: { WL_EVENTS: events } });
  await happened(events, 'bound');
  await lab.must(['pkill', '-USR1', '-f', `udhcpc.*${script}`]);
  await happened(events, 'renew');
  await lab.stopOne(child);
}

async function happened(events: string, event: string): Promise<void> {
  const until = performance.now() + PATIENCE_MILLIS;
  while (!readFileSync(events, 'utf8').includes(event)) {
    if (performance.now() > until) throw new Error(`the pump's address was not ${event}`);
    await sleep(50);
  }
}
