import type { Asset } from '@wardline/model';
import { beforeAll, describe, expect, test } from 'vitest';
import { type ObservedFixture, observeFixture, readFixture } from './observed-fixture.ts';
import { houseA } from './ward/house.ts';
import type { TruthAsset } from './ward/truth.ts';

/** Modalities state their serial number in images; a gateway names those of pumps and monitors by hardware address. */
const stating = new Set([
  'ct',
  'ultrasound',
  'angiography',
  'radiography',
  'infusion-pump',
  'patient-monitor',
]);

let seen: ObservedFixture;
beforeAll(async () => {
  seen = await observeFixture(houseA);
});

/** The assets that hold the device's hardware address or, where it stands behind a router, its IP address. */
function assetsOf(device: TruthAsset): Asset[] {
  return device.routed
    ? seen.assets.filter((asset) => device.ips.some((ip) => asset.ips.includes(ip)))
    : seen.assets.filter((asset) => device.macs.some((mac) => asset.macs.includes(mac)));
}

function rowOf(device: TruthAsset): string {
  const found = assetsOf(device).map((a) => `${a.class.value} (${a.class.confidence.toFixed(2)})`);
  return [device.id.padEnd(12), device.class.padEnd(22), found.join(', ') || 'not found'].join('');
}

describe('the sample hospital as observed', () => {
  test('is read without an error', () => {
    expect(seen.errors).toBe(0);
    expect(seen.assets.length).toBeGreaterThan(0);
  });

  test('shows every device of the ground truth as one asset of the right class', () => {
    const wrong = seen.truth.assets.filter((device) => {
      const found = assetsOf(device);
      return found.length !== 1 || found[0]?.class.value !== device.class;
    });
    const table = ['device      class                 found', ...wrong.map(rowOf)].join('\n');
    expect(
      wrong.map((device) => device.id),
      table,
    ).toEqual([]);
  });

  test('shows no asset that is not there, but for what a router hides of an address that moved', () => {
    const known = new Set(seen.truth.assets.flatMap(assetsOf).map((asset) => asset.id));
    const moved = seen.truth.moved.map((m) => m.ip);
    const extra = seen.assets.filter(
      (asset) => !known.has(asset.id) && !asset.ips.every((ip) => moved.includes(ip)),
    );
    expect(extra.map((asset) => asset.id)).toEqual([]);
  });

  test('keeps apart the two laptops that had one address after each other', () => {
    for (const { ip, from, to } of seen.truth.moved) {
      const [first, second] = [from, to].map(
        (id) => assetsOf(seen.truth.assets.find((d) => d.id === id)!)[0],
      );
      expect(first?.id).not.toBe(second?.id);
      expect(first?.ips).toContain(ip);
      expect(second?.ips).toContain(ip);
    }
  });

  test('names no wrong serial number, and those of the modalities, the pumps and the monitors', () => {
    for (const device of seen.truth.assets) {
      const serial = assetsOf(device)[0]?.serial.value ?? null;
      if (serial !== null) expect(serial, device.id).toBe(device.serial);
      if (stating.has(device.class)) {
        expect(serial, device.id).toBe(device.serial);
      }
    }
  });

  test('places each device in the VLANs of its own ports, not in those a router passed its packets on to', () => {
    const wrong = seen.truth.assets.filter((device) => {
      const found = assetsOf(device)[0]?.vlans ?? [];
      return found.join() !== [...device.vlans].sort((a, b) => a - b).join();
    });
    expect(wrong.map((device) => `${device.id}: ${assetsOf(device)[0]?.vlans.join()}`)).toEqual([]);
  });

  test('shows every service that was used, with its application', () => {
    const missing = seen.truth.assets.flatMap((device) => {
      const services = assetsOf(device).flatMap((asset) => asset.services);
      return device.services
        .filter(
          (s) =>
            !services.some(
              (o) => o.transport === s.transport && o.port === s.port && o.application === s.application,
            ),
        )
        .map((s) => `${device.id} ${s.transport}/${s.port} ${s.application}`);
    });
    expect(missing).toEqual([]);
  });

  test('leads to every expected finding', () => {
    const missing = seen.truth.assets.flatMap((device) => {
      const ids = assetsOf(device).map((asset) => asset.id);
      const rules = new Set(seen.findings.filter((f) => ids.includes(f.asset)).map((f) => f.rule));
      return device.findings.filter((rule) => !rules.has(rule)).map((rule) => `${device.id} ${rule}`);
    });
    expect(missing).toEqual([]);
  });

  test('reconciles with the register as laid: shadow, missing and conflicting devices', () => {
    const of = (state: string) => seen.reconciliation.filter((line) => line.state === state);
    const { shadow, missing, conflicting } = seen.truth.register;
    const shadowIds = of('shadow').map((line) => line.asset);
    for (const id of shadow) {
      const [asset] = assetsOf(seen.truth.assets.find((device) => device.id === id)!);
      expect(shadowIds, id).toContain(asset?.id);
    }
    const tagsOf = (state: string) => new Set(of(state).map((line) => line.tag));
    expect(tagsOf('missing')).toEqual(new Set(missing));
    expect(tagsOf('conflicting')).toEqual(new Set(conflicting.map((c) => c.tag)));
    for (const { tag, fields } of conflicting) {
      const line = of('conflicting').find((candidate) => candidate.tag === tag);
      expect(line?.differences.map((d) => d.field).sort(), tag).toEqual([...fields].sort());
    }
  });

  test('holds no password and no name of a patient in anything that is kept', () => {
    const kept = JSON.stringify([
      seen.sightings,
      seen.conversations,
      seen.assets,
      seen.findings,
      seen.reconciliation,
    ]).toLowerCase();
    const marked = JSON.parse(readFixture('marked.json')) as { secrets: string[]; patients: string[] };
    const strings = [...marked.secrets, ...marked.patients];
    expect(strings.length).toBeGreaterThan(20);
    expect(strings.filter((text) => kept.includes(text.toLowerCase()))).toEqual([]);
  });
});
