import type { Facts } from '@wardline/model';
import { factText, present } from '../../text/wire-text.ts';
import { MAX_ATTRIBUTES, MAX_NAME } from './limits.ts';

type Device = Facts['wifi.device'];

/** Wi-Fi Simple Configuration §12: attributes that say what a device is. */
const texts: Readonly<Record<number, keyof Device>> = {
  4113: 'name',
  4129: 'manufacturer',
  4131: 'model',
  4132: 'modelNumber',
  4162: 'serial',
};
const PRIMARY_TYPE = 0x1054;
const VENDOR = 0x0050f204;

/** §12, table 41: the categories of primary device types. */
const categories =
  'computer input printer camera storage network display multimedia gaming telephone audio docking'.split(
    ' ',
  );

/** What a device says of itself in its WPS element, or null where it says nothing. */
export function setupDevice(element: Uint8Array): Device | null {
  const view = new DataView(element.buffer, element.byteOffset, element.byteLength);
  const device: Device = {};
  for (let at = 0, count = 0; at + 4 <= element.length && count < MAX_ATTRIBUTES; count++) {
    const end = at + 4 + view.getUint16(at + 2);
    if (end > element.length) break;
    Object.assign(device, attribute(view.getUint16(at), element.subarray(at + 4, end)));
    at = end;
  }
  return Object.keys(device).length === 0 ? null : device;
}

function attribute(type: number, value: Uint8Array): Device {
  if (type === PRIMARY_TYPE) return primaryType(value);
  const name = texts[type];
  // Cards that have no serial number send a blank or zeros.
  const text = name === undefined ? undefined : factText(value, MAX_NAME);
  return name === undefined || text === undefined || /^[0\s]*$/.test(text) ? {} : { [name]: text };
}

function primaryType(value: Uint8Array): Device {
  if (value.length !== 8) return {};
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  if (view.getUint32(2) !== VENDOR) return {};
  return present<Device>({ category: categories[view.getUint16(0) - 1] });
}
