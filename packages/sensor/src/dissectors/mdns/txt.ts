import { factText, latin1, wireText } from '../../text/wire-text.ts';
import { MAX_TXT, MAX_TXT_ENTRIES } from './limits.ts';

/**
 * Keys that describe a product. Others stay behind: `fn`, `note`, `name` and the like hold what people call a device
 * or where they keep it, and addresses of administration pages lead to more than a fact.
 */
const productKeys = new Set([
  'am',
  'ci',
  'deviceid',
  'devicetype',
  'firmware',
  'firmwareversion',
  'fv',
  'fw',
  'fwversion',
  'hw',
  'hwversion',
  'manufacturer',
  'md',
  'mdl',
  'mf',
  'mfg',
  'mn',
  'model',
  'modelid',
  'modelname',
  'os',
  'osvers',
  'osxvers',
  'pdl',
  'product',
  'productid',
  'sdkversion',
  'serial',
  'serialnumber',
  'sn',
  'software',
  'softwareversion',
  'srcvers',
  'sw',
  'swversion',
  'ty',
  'usb_mdl',
  'usb_mfg',
  'vendor',
  'vendorid',
  'version',
  'vers',
  'vn',
  'fwvers',
  'mac',
]); // prettier-ignore

/** The product-describing strings of a TXT record's data, as "key=value" in wire order. */
export function productStrings(data: Uint8Array): string[] {
  const kept: string[] = [];
  for (let at = 0; at < data.length && kept.length < MAX_TXT_ENTRIES; at += 1 + data[at]!) {
    const text = productString(data.subarray(at + 1, at + 1 + data[at]!));
    if (text !== undefined) kept.push(text);
  }
  return kept;
}

function productString(bytes: Uint8Array): string | undefined {
  const equals = bytes.indexOf(0x3d);
  if (equals < 1 || !productKeys.has(latin1(bytes, 0, equals).toLowerCase())) return undefined;
  return factText(wireText(bytes), MAX_TXT);
}
