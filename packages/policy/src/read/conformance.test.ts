import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCiscoIos } from './cisco-ios.ts';

const folder = resolve(import.meta.dirname, '../../../../../shared/data/conformance/acl-configs');

/** What a configuration holds: entries that were read, and lines that were refused. */
function account(text: string) {
  const result = readCiscoIos(text);
  if ('fault' in result) throw new Error(result.fault.message);
  const { rulesets, faults } = result;
  const conditions = rulesets.reduce((sum, { unmodelled }) => sum + unmodelled.length, 0);
  const read = rulesets.reduce((sum, { lines }) => sum + lines.length, 0);
  return { lists: rulesets.length, read, conditions, refused: faults.length, first: faults[0]?.line ?? null };
}

/** Lines that look as if they filtered packets, counted without the reader. */
function filteringLines(text: string): number {
  const isFiltering = (line: string) =>
    /^\s*(\d+ |sequence \d+ |access-list \S+ |ip(v4|v6)? access-list (standard |extended )?\S+ (\d+ )?)?(extended )?(permit|deny) /.test(
      line,
    ) && !/as-path|route-map/.test(line);
  return text.split('\n').filter(isFiltering).length;
}

/** lists, entries read, of them or beside them with a condition that is left out, lines refused, the first of these. */
const table: Readonly<Record<string, readonly [number, number, number, number, number | null]>> = {
  'grammar/cisco/testconfigs/ios-acl-in-routemap': [2, 2, 0, 0, null],
  'grammar/cisco/testconfigs/ios-acl-object-group': [1, 1, 0, 1, 18],
  'grammar/cisco/testconfigs/ios-acl-portgroup': [3, 4, 0, 1, 29],
  'grammar/cisco/testconfigs/ios-eigrp-match-acl': [1, 1, 0, 0, null],
  'grammar/cisco/testconfigs/ios-route-map-undefined-acl': [2, 3, 0, 0, null],
  'grammar/cisco_asa/testconfigs/asa-acl-object': [1, 1, 0, 1, 23],
  'grammar/cisco_xr/testconfigs/acl': [2, 16, 1, 0, null],
  'grammar/cisco_xr/testconfigs/interface-acl': [4, 0, 0, 0, null],
  'grammar/cisco_xr/testconfigs/interface-acl-common': [2, 4, 0, 0, null],
  'grammar/cisco_xr/testconfigs/interface-acl-common-abf': [4, 6, 2, 0, null],
  'grammar/cisco_xr/testconfigs/xr-ipv6-access-list': [3, 11, 0, 0, null],
  'grammar/f5_bigip_imish/testconfigs/f5_bigip_imish_access_list': [0, 0, 0, 3, 10],
  'grammar/fortios/testconfigs/access_list': [0, 0, 0, 1, 4],
  'grammar/fortios/testconfigs/access_list_warnings': [0, 0, 0, 1, 4],
  'grammar/juniper/testconfigs/firewall-filter-dscp': [0, 0, 0, 6, 6],
  'grammar/juniper/testconfigs/firewall-filter-from-port': [0, 0, 0, 11, 4],
  'grammar/juniper/testconfigs/firewall-filter-hop-limit': [0, 0, 0, 8, 4],
  'grammar/juniper/testconfigs/firewall-filter-ip-protocol': [0, 0, 0, 2, 4],
  'grammar/juniper/testconfigs/firewall-filter-ttl': [0, 0, 0, 6, 4],
  'grammar/juniper/testconfigs/firewall-filters': [0, 0, 0, 33, 4],
  'vendor/a10/grammar/testconfigs/access_list': [2, 9, 0, 0, null],
  'vendor/a10/grammar/testconfigs/access_list_ref': [3, 3, 0, 0, null],
  'vendor/a10/grammar/testconfigs/access_list_warn': [1, 0, 0, 1, 6],
  'vendor/arista/grammar/testconfigs/arista_mac_access_list': [0, 0, 0, 2, 10],
  // Lists of paths of BGP filter no packets.
  'vendor/arista/grammar/testconfigs/as-path-access-list': [0, 0, 0, 0, null],
  'vendor/arista/grammar/testconfigs/standard-access-list': [1, 3, 0, 0, null],
  // Interfaces and routes only.
  'vendor/check_point_gateway/grammar/testconfigs/access_rules': [0, 0, 0, 0, null],
  'vendor/cisco_nxos/grammar/testconfigs/nxos_ip_as_path_access_list_invalid': [0, 0, 0, 0, null],
};

describe.skipIf(!existsSync(folder))('configurations of switches and routers', () => {
  const files = existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    : [];

  it('are read without loss, or refused with the line', () => {
    const found = files.map((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      const { lists, read, conditions, refused, first } = account(text);
      // A line is read or refused, or stands in a list that was refused for another of its lines.
      if (refused === 0) expect(read, file).toBe(filteringLines(text));
      return [file, [lists, read, conditions, refused, first]];
    });
    expect(Object.fromEntries(found)).toEqual(table);
  });
});
