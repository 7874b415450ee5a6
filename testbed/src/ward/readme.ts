import { roster } from './roster.ts';

/** The README that ships beside the recording. */
export function readme(versions: readonly [string, string][]): string {
  return `# The sample hospital

One morning on a made-up ward, recorded by \`npm run testbed\` (see \`docs/guides/testbed.md\`).

- **Source**: generated here; nothing was taken from any hospital. Licence: Apache-2.0, as the repository.
- **Generator**: \`testbed/\`, which lays ${roster.length} devices in Linux network name spaces on an Open vSwitch switch with
  one access port each, and records the switch's mirror with tcpdump. VLAN tags are visible; a frame that the router
  forwards is on the wire twice, once in each VLAN, as it is in life. Times and random numbers differ from one recording to
  the next; addresses, names and messages do not.
- **Synthetic people**: every patient, physician, address and record number is invented. Every password and key is
  throw-away. \`marked.json\` lists those that are distinctive; no output of Wardline may ever hold one of them.
- **Names of makers** appear because hardware address prefixes and manufacturer fields carry them. Models, serial numbers,
  software versions and the weaknesses shown are invented and say nothing about any real product.
- **Own programs**: Debian has no HL7 engine, so \`testbed/src/speakers\` speak MLLP with acknowledgements. LLDP of the
  switch comes from an agent behind one of its ports. Every other conversation is between the programs below.

| file | what |
|---|---|
| \`ward-1.pcap.gz\` | the recording, pcap with microseconds, gzip |
| \`ground-truth.json\` | every device as it was laid (schema: \`testbed/src/ward/truth-schema.ts\`) |
| \`register.csv\` | what the hospital's register (CMMS) says: with shadow, missing and conflicting devices |
| \`marked.json\` | synthetic secrets and patient names to search outputs for |

| Debian package | version |
|---|---|
${versions.map(([name, version]) => `| ${name} | ${version} |`).join('\n')}
`;
}
