import { describe, expect, it } from 'vitest';
import { hasSharedCaptures } from '../testing/captures.ts';
import { expectSameValues, type FieldComparison, factOf } from '../testing/field-comparison.ts';
import { hasTshark } from '../testing/tshark.ts';

const dhcpv6Files = [
  'tcpdump/dhcpv6-mud.pcap',
  'tcpdump/dhcpv6-vendor-specific-information.pcap',
  'tcpdump/dhcpv6-AFTR-Name-RFC6334.pcap',
];
const plain = (value: string) => value.replaceAll(':', '');

const dhcpv6: readonly FieldComparison[] = [
  {
    name: 'DHCPv6 client DUID',
    files: dhcpv6Files,
    filter: 'dhcpv6.msgtype != 2 && dhcpv6.msgtype != 7 && dhcpv6.msgtype != 13',
    fields: ['dhcpv6.duid.bytes'],
    theirs: ([ids = '']) => plain(ids.split(';')[0] ?? ''),
    ours: (sighting) => plain(factOf('dhcpv6.client', 'duid')(sighting) ?? ''),
  },
  {
    name: 'DHCPv6 client name',
    files: dhcpv6Files,
    filter: 'dhcpv6.client_domain',
    fields: ['dhcpv6.client_domain'],
    ours: factOf('dhcpv6.client', 'fqdn'),
  },
  {
    name: 'DHCPv6 requested options',
    files: dhcpv6Files,
    filter: 'dhcpv6.requested_option_code',
    fields: ['dhcpv6.requested_option_code'],
    theirs: ([codes = '']) => codes.replaceAll(';', ','),
    ours: factOf('dhcpv6.client', 'optionRequest'),
  },
  {
    name: 'DHCPv6 delegated prefix',
    files: dhcpv6Files,
    filter: 'dhcpv6.msgtype == 7 && dhcpv6.iaprefix.pref_addr',
    fields: ['dhcpv6.iaprefix.pref_addr', 'dhcpv6.iaprefix.pref_len'],
    theirs: (fields) => fields.join('/'),
    ours: factOf('dhcpv6.prefix', 'prefix'),
  },
];

describe.skipIf(!hasSharedCaptures || !hasTshark())('facts equal those of tshark', () => {
  it.each([...dhcpv6])('$name', async (comparison) => {
    const count = await expectSameValues(comparison);
    expect(count).toBeGreaterThan(0);
    console.info(`${comparison.name}: ${count} values in ${comparison.files.length} captures, all equal`);
  });
});
