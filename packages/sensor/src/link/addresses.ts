import type { Packet } from '../network/packet.ts';

export function setTarget(view: DataView, at: number, packet: Packet): void {
  packet.hasTargetMac = true;
  packet.targetMacHigh = view.getUint16(at);
  packet.targetMacLow = view.getInt32(at + 2);
}

export function setSource(view: DataView, at: number, packet: Packet): void {
  packet.hasSourceMac = isCard(view, at);
  packet.sourceMacHigh = view.getUint16(at);
  packet.sourceMacLow = view.getInt32(at + 2);
}

/** Loopback sends zeros, and no sender is a group (IEEE 802-2014 §8.4.2): neither is the address of a network card. */
function isCard(view: DataView, at: number): boolean {
  return (view.getUint8(at) & 1) === 0 && (view.getUint16(at) !== 0 || view.getUint32(at + 2) !== 0);
}
