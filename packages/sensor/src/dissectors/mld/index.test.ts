import { describe, expect, it } from 'vitest';
import { allDamage, hex } from '../../testing/damage.ts';
import { bytes, u16, u32 } from '../../testing/frames.ts';
import { runPacket } from '../../testing/harness.ts';
import { mld } from './index.ts';
import { MAX_RECORDS } from './limits.ts';

const group = (last: number) =>
  hex(`ff02 0000 0000 0000 0000 0000 0000 00${last.toString(16).padStart(2, '0')}`);
const host = hex('2001 0db8 0000 0000 0000 0000 0000 0017');
const solicitedNode = hex('ff02 0000 0000 0000 0000 0001 ff9a 3b7c');
const from = (ip: string, hopLimit = 1) => ({
  source: { mac: '02:00:00:00:00:17', ip, vlan: 7 },
  target: { mac: null, ip: 'ff02::16', vlan: 7 },
  hopLimit,
});
const first = (type: number, address: Uint8Array) => bytes(type, 0, u16(0), u32(0), address);
const record = (type: number, address: Uint8Array, ...sources: Uint8Array[]) =>
  bytes(type, 0, u16(sources.length), address, ...sources);
const report = (...records: Uint8Array[]) => bytes(143, 0, u16(0), u16(0), u16(records.length), ...records);
const run = (payload: Uint8Array, ip = 'fe80::17', hopLimit = 1) =>
  runPacket(mld, [payload], from(ip, hopLimit));
const groups = (payload: Uint8Array, ip?: string) =>
  run(payload, ip).sightings.map(({ kind, subject, facts }) => [
    kind,
    subject.ip,
    facts.group,
    facts.version,
  ]);

describe('mld', () => {
  it('tells to which groups a host listens, in both versions', () => {
    expect(groups(first(131, group(0xfb)))).toEqual([['mld.listener', 'fe80::17', 'ff02::fb', 1]]);
    const all = report(
      record(4, group(0xfb)),
      record(3, group(2)),
      record(1, group(3), host),
      record(6, group(4), host),
      record(2, solicitedNode),
    );
    expect(groups(all, '::')).toEqual([
      ['mld.listener', null, 'ff02::fb', 2],
      ['mld.listener', null, 'ff02::3', 2],
    ]);
    expect(groups(first(132, group(0xfb)))).toEqual([]);
  });

  it('tells which router asks, and takes no snooping switch for one', () => {
    const query = first(130, new Uint8Array(16));
    const second = bytes(query, 2, 125, u16(0));
    expect(run(query).sightings.map(({ facts }) => facts)).toEqual([{ version: 1 }]);
    expect(run(second).sightings.map(({ facts }) => facts)).toEqual([{ version: 2 }]);
    expect(run(second, '::').sightings).toEqual([]);
    expect(run(bytes(query, 0)).malformed).toEqual({ 'mld-message': 1 });
  });

  it('reads no report from behind a router, and no more groups than a frame holds', () => {
    expect(run(first(131, group(1)), 'fe80::17', 2).malformed).toEqual({ 'mld-message': 1 });
    expect(run(first(131, host)).malformed).toEqual({ 'mld-group': 1 });
    const many = (count: number) => report(...Array.from({ length: count }, (_, i) => record(4, group(i))));
    expect(run(many(MAX_RECORDS)).sightings).toHaveLength(MAX_RECORDS);
    expect(run(many(MAX_RECORDS + 1)).sightings).toHaveLength(MAX_RECORDS);
    expect(run(many(2).subarray(0, -1)).malformed).toEqual({ 'mld-record': 1 });
  });

  it('takes any damage', () => {
    const messages = [
      first(131, group(1)),
      first(130, group(0)),
      report(record(4, group(1), host), record(2, group(2))),
    ];
    for (const message of messages) for (const damaged of allDamage(message)) run(damaged);
  });
});
