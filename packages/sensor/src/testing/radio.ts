/** 802.11 frames made by hand. For tests only. */
import { bytes, mac, u16, u32 } from './frames.ts';

const little16 = (value: number) => u16(value).reverse();
const little32 = (value: number) => u32(value).reverse();

export const STATION = mac(1);
export const ACCESS_POINT = mac(0x0a);
export const OTHER = mac(2);
const BROADCAST = new Uint8Array(6).fill(255);

/** A radiotap header with timestamp and flags in front of a frame. */
export function radiotap(frame: Uint8Array, flags = 0): Uint8Array {
  return bytes(0, 0, little16(17), little32(3), new Uint8Array(8), flags, frame);
}

export interface WifiOptions {
  flags?: number;
  /** QoS control; its presence makes the frame a QoS data frame. */
  quality?: number;
  htc?: boolean;
  /** Mesh header and other things between the MAC header and LLC. */
  between?: Uint8Array;
  fragment?: number;
}

const SNAP = bytes(0xaa, 0xaa, 3, 0, 0, 0);

/** A data frame around an Ethernet frame's content, by the direction bits in `flags` (1: to, 2: from the access point). */
export function wifiData(ethernetFrame: Uint8Array, options: WifiOptions = {}): Uint8Array {
  const { flags = 1, quality, htc = false, between = new Uint8Array(0), fragment = 0 } = options;
  const [target, source] = [ethernetFrame.subarray(0, 6), ethernetFrame.subarray(6, 12)];
  const addresses = [
    [target, source, ACCESS_POINT],
    [ACCESS_POINT, source, target],
    [target, ACCESS_POINT, source],
    [ACCESS_POINT, mac(0x0b), target],
  ][flags & 3]!;
  const control = bytes(quality === undefined ? 0x08 : 0x88, flags | (htc ? 0x80 : 0), u16(0));
  const fourth = (flags & 3) === 3 ? source : new Uint8Array(0);
  const tail = bytes(quality === undefined ? '' : little16(quality), htc ? u32(0) : '', between);
  const content = ethernetFrame.length > 12 ? bytes(SNAP, ethernetFrame.subarray(12)) : '';
  return bytes(control, ...addresses, little16(fragment), fourth, tail, content);
}

/** An aggregate of Ethernet frames. */
export function wifiAggregate(frames: readonly Uint8Array[]): Uint8Array {
  const parts = frames.map((frame, i) => {
    const content = bytes(SNAP, frame.subarray(12));
    const padding = i < frames.length - 1 ? (4 - ((14 + content.length) % 4)) % 4 : 0;
    return bytes(frame.subarray(0, 12), u16(content.length), content, new Uint8Array(padding));
  });
  return bytes(wifiData(new Uint8Array(12), { quality: 0x80 }), ...parts);
}

export function management(subtype: number, source: Uint8Array, body: Uint8Array, flags = 0): Uint8Array {
  const htc = flags & 0x80 ? u32(0) : '';
  return bytes(subtype << 4, flags, u16(0), BROADCAST, source, ACCESS_POINT, u16(0), htc, body);
}

export function element(id: number, ...parts: (number | Uint8Array | string)[]): Uint8Array {
  const value = bytes(...parts);
  return bytes(id, value.length, value);
}

/** What stands before the elements of a beacon; privacy is bit 4 of the capabilities. */
export function beaconBody(isPrivate: boolean, ...elements: Uint8Array[]): Uint8Array {
  return bytes(new Uint8Array(8), little16(100), little16(isPrivate ? 0x11 : 1), ...elements);
}

const suite = (number: number) => bytes(0, 0x0f, 0xac, number);

/** An RSN element. */
export function rsn(pairwise: number[], keys: number[], capabilities = 0): Uint8Array {
  const list = (numbers: number[]) => bytes(little16(numbers.length), ...numbers.map(suite));
  return element(
    48,
    little16(1),
    suite(pairwise[0] ?? 4),
    list(pairwise),
    list(keys),
    little16(capabilities),
  );
}

/** WPA's element of before 802.11i. */
export function wpa(): Uint8Array {
  const tkip = bytes(0, 0x50, 0xf2, 2);
  return element(221, 0, 0x50, 0xf2, 1, little16(1), tkip, little16(1), tkip, little16(1), 0, 0x50, 0xf2, 2);
}

export function wps(...attributes: [type: number, value: Uint8Array | string][]): Uint8Array {
  const all = attributes.map(([type, value]) => bytes(u16(type), u16(value.length), value));
  return element(221, 0, 0x50, 0xf2, 4, ...all);
}
