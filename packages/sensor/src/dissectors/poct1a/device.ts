import type { Facts } from '@wardline/model';
import { factText, present } from '../../text/wire-text.ts';
import type { XmlElement } from '../../xml/scan.ts';
import { MAX_TEXT } from './limits.ts';

/** The value of an element: its attribute V (POCT1-A2 §B.2). */
export function textIn(element: XmlElement): string {
  return element.attributes.get('V') ?? '';
}

/** Names of the standard, and those that devices use for the same. */
const names: Readonly<Record<keyof Facts['poct.device'], readonly string[]>> = {
  vendor: ['DEV.vendor_id', 'DEV.manufacturer_name', 'DCP.vendor_id'],
  model: ['DEV.model_id', 'DEV.device_name', 'DCP.model_id'],
  serial: ['DEV.serial_id', 'DCP.serial_id'],
  software: ['DEV.sw_version'],
  hardware: ['DEV.hw_version'],
  deviceId: ['DEV.device_id', 'DCP.device_id'],
  profile: ['DSC.connection_profile_cd'],
};

/** What a device says of itself in its first message (HEL.R01). */
export function deviceOf(elements: readonly XmlElement[]): Facts['poct.device'] {
  const text = (wanted: readonly string[]) =>
    wanted
      .map((name) => elements.find((element) => element.name === name))
      .map(textOf)
      .find(Boolean);
  return present<Facts['poct.device']>({
    vendor: text(names.vendor),
    model: text(names.model),
    serial: text(names.serial),
    software: text(names.software),
    hardware: text(names.hardware),
    deviceId: text(names.deviceId),
    profile: text(names.profile),
  });
}

function textOf(element: XmlElement | undefined): string | undefined {
  return element === undefined ? undefined : factText(bytesOf(textIn(element)), MAX_TEXT);
}

/** The text was taken byte by byte; what is said of it is read as UTF-8. */
function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
}
