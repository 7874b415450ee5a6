import type { House } from './house.ts';

const HELD_OUT = `
House B with other makers' devices. It measures identification (\`docs/benchmarks-identify.md\`); whoever writes rules does not
look at what comes of it.
`;

/** The README that ships beside the recording. */
export function readme(
  houses: readonly House[],
  versions: readonly [string, string][],
  heldOut: boolean,
): string {
  const devices = houses.map((house) => `${house.roster.length} in \`${house.files.capture}\``).join(' and ');
  return `# ${heldOut ? 'The held-out hospital' : 'The sample hospital'}
${heldOut ? HELD_OUT : ''}
A morning in a made-up hospital, recorded by \`npm run testbed\` (see \`docs/guides/testbed.md\`).

- **Source**: generated here; nothing was taken from any hospital. Licence: Apache-2.0, as the repository.
- **Generator**: \`testbed/\`, which lays devices (${devices}) in Linux network name spaces on an Open vSwitch switch
  with one access port each, and records the switch's mirror with tcpdump. VLAN tags are visible; a frame that the router
  forwards is on the wire twice, once in each VLAN, as it is in life. Times and random numbers differ from one recording to
  the next; addresses, names and messages do not.
- **Synthetic people**: every patient, physician, address and record number is invented. Every password and key is
  throw-away. \`marked.json\` lists those that are distinctive; no output of Wardline may ever hold one of them.
- **Names of makers** appear because hardware address prefixes and manufacturer fields carry them. Models, serial numbers,
  software versions and the weaknesses shown are invented and say nothing about any real product.
- **Own programs**: where Debian has no program for a protocol, \`testbed/src/speakers\` speak it over real sockets, written from
  its standard: HL7 over MLLP, IEEE 11073 SDC, IntelliVue data export, ASTM E1381/E1394, POCT1-A, SIP with RTP, BACnet/IP, Modbus, ONVIF and
  RTSP, CoAP, RFB, AMQP, SMTP, PJL, the client's side of RDP, and three plain protocols of our own (pumps to their server,
  badge readers, location tags). LLDP of the switch comes from an agent behind one of its ports. Every other conversation is between the programs below.

| file | what |
|---|---|
${houses.map(filesOf).join('\n')}
| \`marked.json\` | synthetic secrets and patient names to search outputs for |

| Debian package | version |
|---|---|
${versions.map(([name, version]) => `| ${name} | ${version} |`).join('\n')}
`;
}

function filesOf({ files }: House): string {
  return [
    `| \`${files.capture}\` | the recording, pcap with microseconds, gzip |`,
    `| \`${files.truth}\` | every device as it was laid (schema: \`testbed/src/ward/truth-schema.ts\`) |`,
    `| \`${files.register}\` | what the hospital's register (CMMS) says of it, with what is wrong in it |`,
  ].join('\n');
}
