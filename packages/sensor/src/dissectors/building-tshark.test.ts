import { spawnSync } from 'node:child_process';
import type { Facts, Sighting } from '@wardline/model';
import { describe, expect, it } from 'vitest';
import { hasSharedCaptures, senseFile, sharedPath } from '../testing/captures.ts';
import { hasTshark } from '../testing/tshark.ts';

interface Comparison {
  name: string;
  files: readonly string[];
  filter: string;
  fields: readonly string[];
  /** Of one packet's fields; undefined where it says nothing. */
  theirs: (fields: string[]) => string | undefined;
  ours: (sighting: Sighting) => string | undefined;
}

const BACNET = ['icsnpp-bacnet/bacnet_example.pcap'];

const SIP = [
  'suricata-verify/sip-body-frames/public-cloudshark-sip-s0.pcap',
  'suricata-verify/sip-compact-form/sip_compact_form.pcap',
  'suricata-verify/sip-tcp-method/sip-tcp.pcap',
  'zeek/sip/sip-long-request-response-paths.pcap',
];

const joined = (fields: string[]) => fields.join(' ');

const comparisons: readonly Comparison[] = [
  {
    name: 'Modbus functions',
    files: ['zeek/modbus/modbusSmall.pcap', 'zeek/modbus/modbus-and-non-modbus-p502.pcap'],
    filter: 'modbus && !modbus.exception_code',
    fields: ['ip.src', 'mbtcp.unit_id', 'modbus.func_code'],
    theirs: joined,
    ours: ({ kind, subject, facts }) => {
      if (kind !== 'modbus.use') return undefined;
      const { unit, function: name } = facts as Facts['modbus.use'];
      return `${subject.ip} ${unit} ${CODES[name] ?? name}`;
    },
  },
  {
    name: 'BACnet devices',
    files: BACNET,
    filter: 'bacapp.unconfirmed_service == 0',
    fields: ['ip.src', 'bacapp.instance_number', 'bacapp.vendor_identifier'],
    theirs: joined,
    ours: ({ kind, subject, facts }) => {
      const { instance, vendorId } = facts as Facts['bacnet.device'];
      return kind === 'bacnet.device' ? `${subject.ip} ${instance} ${vendorId}` : undefined;
    },
  },
  {
    name: 'BACnet names of devices',
    files: BACNET,
    filter: 'bacapp.type == 3 && bacapp.property_identifier == 77 && bacapp.objectType == 8',
    fields: ['ip.src', 'bacapp.instance_number', 'bacapp.object_name'],
    theirs: joined,
    ours: ({ kind, subject, facts }) => {
      const { instance, name } = facts as Facts['bacnet.identification'];
      return kind === 'bacnet.identification' && name ? `${subject.ip} ${instance} ${name}` : undefined;
    },
  },
  {
    name: 'DNP3 functions',
    files: ['dnp3_read', 'dnp3_file_write', 'dnp3_del_measure', 'dnp3_udp_write', 'dnp3_en_spon'].map(
      (name) => `zeek/dnp3/${name}.pcap`,
    ),
    filter: 'dnp3.al.func',
    fields: ['ip.src', 'dnp3.src', 'dnp3.al.func'],
    theirs: joined,
    ours: ({ kind, subject, facts }) => {
      const { address, function: name } = facts as Facts['dnp3.use'];
      return kind === 'dnp3.use' ? `${subject.ip} ${address} ${DNP3[name] ?? name}` : undefined;
    },
  },
  {
    name: 'SIP methods and products',
    files: SIP,
    filter: 'sip',
    fields: ['ip.src', 'sip.CSeq.method', 'sip.User-Agent', 'sip.Server'],
    theirs: ([ip, method, agent, server]) => `${ip} ${method} ${agent || server || ''}`,
    ours: ({ kind, subject, facts }) => {
      const { method, software = '' } = facts as Facts['sip.agent'];
      return kind === 'sip.agent' ? `${subject.ip} ${method} ${software}` : undefined;
    },
  },
];

const DNP3: Readonly<Record<string, number>> = {
  confirm: 0,
  read: 1,
  write: 2,
  'enable-unsolicited': 20,
  'delay-measurement': 23,
  'open-file': 25,
  'close-file': 26,
  response: 129,
  'unsolicited-response': 130,
};

const CODES: Readonly<Record<string, number>> = {
  'read-coils': 1,
  'read-holding-registers': 3,
  'write-single-coil': 5,
  'write-single-register': 6,
  'write-multiple-coils': 15,
};

function tshark(file: string, { filter, fields, theirs }: Comparison): string[] {
  const shown = fields.flatMap((field) => ['-e', field]);
  const options = ['-r', sharedPath(file), '-Y', filter, '-T', 'fields', '-E', 'occurrence=f', ...shown];
  const { stdout } = spawnSync('tshark', options, { encoding: 'utf8' });
  const lines = stdout.split('\n').filter((line) => line !== '');
  return distinct(lines.map((line) => theirs(line.split('\t'))));
}

function distinct(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.flatMap((value) => value ?? []))].sort();
}

describe.skipIf(!hasSharedCaptures || !hasTshark())('facts equal those of tshark', () => {
  it.each(comparisons)('$name', async (comparison) => {
    let count = 0;
    for (const file of comparison.files) {
      const { batches } = await senseFile(sharedPath(file));
      const ours = distinct(batches.flatMap((batch) => batch.sightings).map(comparison.ours));
      expect(ours, file).toEqual(tshark(file, comparison));
      count += ours.length;
    }
    expect(count).toBeGreaterThan(0);
    console.info(`${comparison.name}: ${count} values in ${comparison.files.length} captures, all equal`);
  });
});
