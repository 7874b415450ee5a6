import type { Facts } from '@wardline/model';
import { factText, latin1, present } from '../../text/wire-text.ts';
import { isPart10 } from '../dicom/part10.ts';
import type { JsonObject, Leaf } from './json-scan.ts';
import { MAX_PARTS, MAX_TEXT } from './limits.ts';

type Equipment = Omit<Facts['dicom.equipment'], 'sentByCreator'>;

/** The DICOM files in a body: it is one (PS3.18 §9.1, WADO-URI), or parts of it are (§10.4, §10.5). */
export function dicomFiles(sample: Uint8Array, type: string): Uint8Array[] {
  if (/^application\/dicom\s*(;|$)/i.test(type)) return isPart10(sample) ? [sample] : [];
  if (!/^multipart\/related\b.*application\/dicom/i.test(type)) return [];
  const text = latin1(sample);
  const files: Uint8Array[] = [];
  let at = text.indexOf('\r\n\r\n');
  for (let part = 0; at >= 0 && part < MAX_PARTS; part++) {
    if (isPart10(sample, at + 4)) files.push(sample.subarray(at + 4));
    at = text.indexOf('\r\n\r\n', at + 4);
  }
  return files;
}

/** Elements of the General Equipment module (PS3.3 C.7.5.1) by their tags in DICOM JSON (PS3.18 annex F). */
const tags: ReadonlyMap<string, keyof Equipment> = new Map([
  ['00080060', 'modality'],
  ['00080070', 'manufacturer'],
  ['00080080', 'institution'],
  ['00081010', 'stationName'],
  ['00081040', 'department'],
  ['00081090', 'model'],
  ['00181000', 'serial'],
  ['00181020', 'softwareVersions'],
]);

/** What the objects of a DICOM JSON text say of the machines that made them, each once. */
export function equipmentInJson(leaves: readonly Leaf[]): Equipment[] {
  const byObject = new Map<JsonObject, { [K in keyof Equipment]: string }>();
  for (const { keys, objects, value } of leaves) {
    const fact = keys.length === 2 && keys[1] === 'Value' ? tags.get(keys[0] ?? '') : undefined;
    const object = objects[0];
    if (fact === undefined || object === undefined) continue;
    const known = byObject.get(object) ?? {};
    byObject.set(object, known);
    known[fact] ??= value;
  }
  return [...byObject.values()].flatMap(asFacts);
}

/** A modality alone names no machine. */
function asFacts(found: { [K in keyof Equipment]: string }): Equipment[] {
  if (found.manufacturer === undefined && found.model === undefined && found.serial === undefined) return [];
  const texts = Object.entries(found).map(([fact, value]) => [fact, factText(value, MAX_TEXT)]);
  return [present<Equipment>(Object.fromEntries(texts) as Equipment)];
}
