import { spawnSync } from 'node:child_process';
import type { Facts, Sighting } from '@wardline/model';
import { describe, expect, it } from 'vitest';
import { hasSharedCaptures, senseFile, sharedCaptures, sharedPath } from '../testing/captures.ts';
import { hasTshark } from '../testing/tshark.ts';

/** A field of tshark beside the fact that says the same; how often each value was seen is compared, too. */
interface Comparison {
  name: string;
  files: RegExp;
  filter: string;
  field: string;
  ours: (sighting: Sighting) => string | undefined;
  /** What tshark writes otherwise. */
  theirs?: (value: string) => string | undefined;
}

function fact<K extends keyof Facts>(kind: K, name: keyof Facts[K]): Comparison['ours'] {
  return (sighting) => {
    const value = sighting.kind === kind ? (sighting.facts as Facts[K])[name] : undefined;
    return value === undefined ? undefined : String(value);
  };
}

const authentication = fact('ldap.client', 'authentication');

const comparisons: readonly Comparison[] = [
  {
    name: 'version of MySQL',
    files: /^zeek\/mysql\//,
    filter: 'mysql.version',
    field: 'mysql.version',
    ours: fact('database.server', 'version'),
  },
  {
    name: 'SASL mechanism of LDAP',
    files: /^zeek\/ldap\//,
    filter: 'ldap.mechanism',
    field: 'ldap.mechanism',
    ours: (sighting) => (authentication(sighting) === 'simple' ? undefined : authentication(sighting)),
  },
  {
    name: 'password in an LDAP bind',
    files: /^zeek\/ldap\//,
    filter: 'ldap.simple',
    field: 'ldap.simple',
    theirs: (value) => (value === '' ? undefined : 'a password'),
    ours: (sighting) => (sighting.kind === 'credential.cleartext' ? 'a password' : undefined),
  },
  {
    name: 'name of a remote desktop client',
    files: /^zeek\/rdp\/rdp-unknown-keyboard/,
    filter: 'rdp.client.name',
    field: 'rdp.client.name',
    ours: fact('rdp.client', 'hostname'),
  },
  {
    name: 'machine of an NFS client',
    files: /^tcpdump\/nfs-write-verf/,
    filter: 'rpc.msgtyp == 0',
    field: 'rpc.auth.machinename',
    theirs: (value) => (value === '' ? undefined : value),
    ours: fact('rpc.client', 'hostname'),
  },
];

function tally(values: readonly (readonly [string | undefined, number])[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [value, count] of values) if (value !== undefined) counts[value] = (counts[value] ?? 0) + count;
  return counts;
}

function tsharkSays({ filter, field, theirs }: Comparison, file: string): Record<string, number> {
  // Without a word, NFS may be guessed as something else by its first bytes.
  const args = [
    '-d',
    'tcp.port==2049,rpc',
    '-r',
    sharedPath(file),
    '-Y',
    filter,
    '-T',
    'fields',
    '-E',
    'occurrence=f',
    '-e',
    field,
  ];
  const lines = spawnSync('tshark', args).stdout.toString().split('\n').slice(0, -1);
  return tally(lines.map((line) => [theirs ? theirs(line) : line, 1]));
}

describe.skipIf(!hasSharedCaptures || !hasTshark())('as tshark', () => {
  it.each(comparisons)('$name', async (comparison) => {
    const files = sharedCaptures().filter((file) => comparison.files.test(file));
    let seen = 0;
    for (const file of files) {
      const { batches } = await senseFile(sharedPath(file));
      const sightings = batches.flatMap((batch) => batch.sightings);
      const ours = tally(sightings.map((sighting) => [comparison.ours(sighting), sighting.count]));
      expect(ours, file).toEqual(tsharkSays(comparison, file));
      seen += Object.keys(ours).length;
    }
    expect(seen).toBeGreaterThan(0);
  });
});
