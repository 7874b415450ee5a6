import type { Endpoint, Facts } from '@wardline/model';
import { type FrameDissector, type FrameReporter, radioType } from '../../dissector.ts';
import { macAt } from '../../network/address.ts';
import { factText, present } from '../../text/wire-text.ts';
import { type Elements, elementOf, readElements, vendorElement } from './elements.ts';
import { MAX_SSID } from './limits.ts';
import { securityOf } from './security.ts';
import { setupDevice } from './setup.ts';

/** Management subtypes (IEEE 802.11 table 9-1). */
const ASSOCIATION = 0;
const REASSOCIATION = 2;
const PROBE_REQUEST = 4;
const PROBE_RESPONSE = 5;
const BEACON = 8;
const DISASSOCIATION = 10;
const DEAUTHENTICATION = 12;

const HEADER = 24;
const TO_DS = 1;
const FROM_DS = 2;
const PROTECTED = 0x40;
const ORDER = 0x80;
const PRIVACY = 0x10;
const MICROSOFT = 0x0050f2;
const WPA = 1;
const WPS = 4;

/** What networks and stations say of themselves in the air (IEEE 802.11 §9.3.3). */
export const wifi: FrameDissector = {
  name: 'wifi',
  types: [
    ASSOCIATION,
    REASSOCIATION,
    PROBE_REQUEST,
    PROBE_RESPONSE,
    BEACON,
    DISASSOCIATION,
    DEAUTHENTICATION,
  ].map((subtype) => radioType(0, subtype)),
  onFrame(frame, source, report) {
    const flags = frame[1]!;
    // Only protected management frames are encrypted (§12.6.19); their reasons are nobody's to read.
    if ((flags & PROTECTED) !== 0) return;
    const body = frame.subarray(HEADER + (flags & ORDER ? 4 : 0));
    const subtype = frame[0]! >>> 4;
    if (subtype === BEACON || subtype === PROBE_RESPONSE) network(body, frame, report);
    else if (subtype === PROBE_REQUEST) probe(body, source, report);
    else if (subtype === DISASSOCIATION || subtype === DEAUTHENTICATION)
      farewell(subtype, body, frame, source, report);
    else join(subtype, body, frame, source, report);
  },
};

/** Data frames that hold nothing or nothing readable still show who is connected to which access point. */
export const wifiData: FrameDissector = {
  name: 'wifi-data',
  types: Array.from({ length: 16 }, (_, subtype) => radioType(2, subtype)),
  onFrame(frame, source, report) {
    const flags = frame[1]!;
    const isEncrypted = (flags & PROTECTED) !== 0;
    if (isEncrypted) report.malformed('radio-encrypted');
    if ((flags & (TO_DS | FROM_DS)) !== TO_DS) return;
    const facts = { bssid: macAt(frame, 4) };
    report.sight('wifi.client', source, isEncrypted ? { ...facts, encrypted: true } : facts);
  },
};

function network(body: Uint8Array, frame: Uint8Array, report: FrameReporter): void {
  // Timestamp, interval and capabilities stand before the elements (§9.3.3.2).
  if (body.length < 12) {
    report.malformed('wifi-length');
    return;
  }
  const elements = readElements(body, 12);
  if (!elements.isWhole) report.malformed('wifi-length');
  const about: Endpoint = { mac: macAt(frame, 16), ip: null, vlan: null };
  const name = elementOf(elements, 0);
  const ssid = name && name.length <= MAX_SSID ? factText(name, MAX_SSID) : undefined;
  const wpa = vendorElement(elements, MICROSOFT, WPA);
  const facts = {
    ssid,
    hidden: name?.every((byte) => byte === 0) === true ? true : undefined,
    channel: channelOf(elements),
    ...securityOf(elementOf(elements, 48), wpa, (body[10]! & PRIVACY) !== 0),
  };
  report.sight('wifi.network', about, present<Facts['wifi.network']>(facts));
  describe(elements, about, report);
}

/** DS parameter set (§9.4.2.4) at 2.4 GHz, else the primary channel of HT operation (§9.4.2.56). */
function channelOf(elements: Elements): number | undefined {
  return elementOf(elements, 3)?.[0] ?? elementOf(elements, 61)?.[0];
}

function describe(elements: Elements, about: Endpoint, report: FrameReporter): void {
  const element = vendorElement(elements, MICROSOFT, WPS);
  const device = element && setupDevice(element);
  if (device) report.sight('wifi.device', about, device);
}

/** The networks that a station asks for tell where its owner has been: that it asks is said, for which is not. */
function probe(body: Uint8Array, source: Endpoint, report: FrameReporter): void {
  const elements = readElements(body, 0);
  if (!elements.isWhole) report.malformed('wifi-length');
  const name = elementOf(elements, 0);
  report.sight('wifi.station', source, { asks: name === undefined || name.length === 0 ? 'any' : 'named' });
  describe(elements, source, report);
}

/** Capabilities and interval, in a reassociation also the access point before (§9.3.3.5, §9.3.3.7). */
function join(
  subtype: number,
  body: Uint8Array,
  frame: Uint8Array,
  source: Endpoint,
  report: FrameReporter,
): void {
  const elements = readElements(body, subtype === REASSOCIATION ? 10 : 4);
  if (!elements.isWhole) report.malformed('wifi-length');
  report.sight('wifi.client', source, { bssid: macAt(frame, 16) });
  describe(elements, source, report);
}

/** §9.4.1.7. */
function farewell(
  subtype: number,
  body: Uint8Array,
  frame: Uint8Array,
  source: Endpoint,
  report: FrameReporter,
): void {
  if (body.length < 2) {
    report.malformed('wifi-length');
    return;
  }
  const message = subtype === DEAUTHENTICATION ? 'deauthentication' : 'disassociation';
  const facts = { message, reason: body[0]! | (body[1]! << 8), bssid: macAt(frame, 16) } as const;
  report.sight('wifi.disconnect', source, facts);
}
