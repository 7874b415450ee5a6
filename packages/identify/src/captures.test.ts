import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadKnowledge } from '@wardline/knowledge';
import type { Asset, Conversation, Sighting } from '@wardline/model';
import { Redactor, sense } from '@wardline/sensor';
import { expect, test } from 'vitest';
import { identify } from './identify.ts';
import { reconcile } from './reconcile/reconcile.ts';

const root = new URL('../../../', import.meta.url).pathname;
const shared = join(root, '../shared/data/pcap');
const sample = join(root, 'fixtures/sample-hospital');
const knowledge = loadKnowledge();

async function assetsOf(...files: string[]): Promise<Asset[]> {
  const sightings: Sighting[] = [];
  const conversations: Conversation[] = [];
  for (const file of files) {
    const redactor = new Redactor(new Uint8Array(32), knowledge.defaultCredentials);
    for await (const batch of sense(createReadStream(file), {
      file,
      sensor: 'test',
      stream: file,
      redactor,
    })) {
      sightings.push(...batch.sightings);
      conversations.push(...batch.conversations);
    }
  }
  return identify({ sightings, conversations, decisions: [] }, knowledge).assets;
}

const nameOf = (assets: Asset[], ip: string) => assets.find((asset) => asset.ips.includes(ip))?.name;

test.skipIf(!existsSync(shared))(
  'names the HL7 and DICOM systems of real captures by what they call themselves',
  async () => {
    const folder = join(shared, 'medical-tapirx');
    const adt = await assetsOf(join(folder, 'HL7-ADT.pcap'));
    expect(nameOf(adt, '10.0.0.155')).toBe('Electronic health record SENDING_APPLICATION');
    expect(nameOf(adt, '10.0.0.126')).toBe('Clinical server RECEIVING_APPLICATION');
    const dicom = await assetsOf(join(folder, 'dicom_arq_1_find_testclient.pcap'));
    expect(nameOf(dicom, '127.0.0.1')).toContain('testclient');
  },
);

/** The makers behind the labels of the IoT Sentinel captures; null: the network card is a bought part. */
const MAKERS: Record<string, string | null> = {
  EdimaxPlug1101W: 'Edimax',
  EdnetCam1: 'ASSMANN Electronic',
  EdnetCam2: 'ASSMANN Electronic',
  EdnetGateway: null,
  HomeMaticPlug: 'eQ-3',
  HueBridge: 'Signify',
  Lightify: 'Osram',
  SmarterCoffee: null,
  'TP-LinkPlugHS110': 'TP-Link',
  Withings: 'Withings',
  iKettle2: null,
};
/** What a right answer on the class may be; everything else is a wrong one. */
const CONSUMER = new Set<string | null>(['iot-consumer', 'camera', null]);

test.skipIf(!existsSync(shared))(
  'never names a wrong maker or class for labelled consumer devices',
  async () => {
    const folder = join(shared, 'iot-sentinel');
    const rows: Record<string, unknown>[] = [];
    for (const line of readFileSync(join(folder, 'labels.csv'), 'utf8').trim().split('\n').slice(1)) {
      const [label = '', mac = ''] = line.split(',');
      for (const file of readdirSync(join(folder, label))) {
        const assets = await assetsOf(join(folder, label, file));
        const asset = assets.find((entry) => entry.macs.includes(mac));
        rows.push({ label, file, vendor: asset?.vendor.value, class: asset?.class.value });
        expect(asset?.vendor.value, `${label}/${file}`).toBe(MAKERS[label]);
        expect(CONSUMER.has(asset?.class.value ?? null), `${label}/${file}: ${asset?.class.value}`).toBe(
          true,
        );
      }
    }
    console.table(summary(rows));
    expect(rows.length).toBeGreaterThan(0);
  },
);

function summary(rows: Record<string, unknown>[]): Record<string, unknown>[] {
  const byAnswer = Map.groupBy(rows, (row) => [row.label, row.vendor, row.class].join('\u0000'));
  return [...byAnswer.values()].map((list) => ({ ...list[0], file: undefined, captures: list.length }));
}

interface Truth {
  id: string;
  macs: string[];
  ips: string[];
  class: string;
  vendor: string | null;
  model: string | null;
}

test.skipIf(!existsSync(join(sample, 'ground-truth.json')))(
  'finds every device of the sample hospital, with its class',
  async () => {
    const truth = JSON.parse(readFileSync(join(sample, 'ground-truth.json'), 'utf8')) as { assets: Truth[] };
    const files = readdirSync(sample).filter((name) => /\.pcap(ng)?(\.gz)?$/.test(name));
    const assets = await assetsOf(...files.map((name) => join(sample, name)));
    const found = (wanted: Truth) =>
      assets.find((asset) => asset.macs.some((mac) => wanted.macs.includes(mac))) ??
      assets.find((asset) => asset.ips.some((ip) => wanted.ips.includes(ip)));
    const answers = truth.assets.map((wanted) => [wanted.id, found(wanted)?.class.value]);
    expect(answers).toEqual(truth.assets.map((wanted) => [wanted.id, wanted.class]));
    for (const wanted of truth.assets.filter((entry) => entry.vendor !== null)) {
      const vendor = found(wanted)?.vendor.value ?? 'unknown';
      expect(knowledge.vendors.agree(vendor, wanted.vendor!), `${wanted.id}: ${vendor}`).toBe(true);
    }
    expect(new Set(truth.assets.map((wanted) => found(wanted)?.id)).size).toBe(truth.assets.length);
    expect(reconcile([], assets, knowledge).every((line) => line.state === 'shadow')).toBe(true);
  },
);

test.skipIf(!existsSync(shared))('claims every name that a system has in DICOM and HL7', async () => {
  const folder = join(shared, 'medical-tapirx');
  const assets = await assetsOf(
    join(folder, 'HL7-ADT.pcap'),
    join(folder, 'dicom_arq_1_find_testclient.pcap'),
    join(folder, 'dicom_arq_2_get_testclient.pcap'),
  );
  const claimed = assets.flatMap((asset) =>
    asset.claims.map(({ attribute, value }) => `${attribute}=${value}`),
  );
  expect(claimed).toEqual(
    expect.arrayContaining([
      'aeTitle=testclient',
      'aeTitle=testserver',
      'hl7Application=SENDING_APPLICATION',
      'hl7Facility=SENDING_FACILITY',
      'hl7Application=RECEIVING_APPLICATION',
    ]),
  );
});
