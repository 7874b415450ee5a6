/** Link types of Bluetooth Low Energy's link layer, bare and with what the radio says in front. */
const LOW_ENERGY = 251;
const LOW_ENERGY_WITH_RADIO = 256;
const RADIO = 10;
const CHECKED = 0x0400;
const VALID = 0x0800;
/** Bluetooth Core 5.4, Vol 6 Part B §2.1.2: the access address of all primary advertising. */
const ADVERTISING = 0x8e89bed6;
const ACCESS_ADDRESS = 4;
const CHECKSUM = 3;

export function isBluetooth(linkType: number): boolean {
  return linkType === LOW_ENERGY || linkType === LOW_ENERGY_WITH_RADIO;
}

export type BluetoothDrop = 'truncated-link' | 'radio-checksum' | 'radio-connection';

/** Where the PDU of an advertising packet starts, behind the access address; its checksum ends it. Else why not. */
export function advertisement(
  linkType: number,
  view: DataView,
  start: number,
  end: number,
): { at: number; end: number } | BluetoothDrop {
  const at = linkType === LOW_ENERGY_WITH_RADIO ? start + RADIO : start;
  if (end - at < ACCESS_ADDRESS + 2 + CHECKSUM) return 'truncated-link';
  if (linkType === LOW_ENERGY_WITH_RADIO) {
    const flags = view.getUint16(start + 8, true);
    if ((flags & CHECKED) !== 0 && (flags & VALID) === 0) return 'radio-checksum';
  }
  // What passes within a connection is encrypted or a matter of its two ends.
  if (view.getUint32(at, true) !== ADVERTISING) return 'radio-connection';
  return { at: at + ACCESS_ADDRESS, end: end - CHECKSUM };
}
