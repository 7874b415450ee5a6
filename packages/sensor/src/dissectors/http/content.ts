import { imageInBytes } from '../../firmware/image.ts';
import { IMAGE_HEAD } from '../../firmware/limits.ts';
import { latin1, wireText } from '../../text/wire-text.ts';
import { dicomFiles } from './dicom-objects.ts';
import type { Fields } from './head.ts';
import { type Leaf, scanJson } from './json-scan.ts';
import { BODY_SAMPLE, MAX_PARTS, SOAP_SAMPLE } from './limits.ts';
import { type Pair, parsePairs } from './pairs.ts';
import { readSoap, type SoapContent } from './soap.ts';

/** What the first bytes of a body are, by its declared type and its magic. */
export interface Content {
  image: string | null;
  pairs: Pair[];
  leaves: Leaf[];
  soap: SoapContent | null;
  /** The beginnings of DICOM files. */
  files: Uint8Array[];
}

/** SOAP 1.2 (RFC 3902), which the protocols of devices use. */
export function isSoap(type: string): boolean {
  return /^application\/soap\+xml\b/i.test(type);
}

const nothing: Content = { image: null, pairs: [], leaves: [], soap: null, files: [] };

/** `path`: of the request that the body belongs to; it tells archives that carry firmware from others. */
export function inspectContent(sample: Uint8Array, fields: Fields, path: string): Content {
  const coding = fields.get('content-encoding') ?? 'identity';
  if (sample.length === 0 || !/^identity$/i.test(coding)) return nothing;
  const type = fields.get('content-type') ?? '';
  if (isSoap(type)) return { ...nothing, soap: readSoap(wireText(trimmedUtf8(sample))) };
  if (/x-www-form-urlencoded/i.test(type)) return { ...nothing, pairs: parsePairs(latin1(sample)) };
  if (/\bjson\b/i.test(type)) return { ...nothing, leaves: scanJson(wireText(trimmedUtf8(sample))) };
  const files = dicomFiles(sample, type);
  if (files.length > 0) return { ...nothing, files };
  if (/^multipart\//i.test(type)) return { ...nothing, image: imageInParts(sample) };
  return {
    ...nothing,
    image: startsElsewhere(fields) ? null : imageInBytes(sample, fileName(fields) || path),
  };
}

/** How much of a body is looked at: all of the bound where its fields are read, else only where magic numbers stand. */
export function sampleOf(fields: Fields): number {
  const type = fields.get('content-type') ?? '';
  if (isSoap(type)) return SOAP_SAMPLE;
  return /x-www-form-urlencoded|\bjson\b|^multipart\/|^application\/dicom\b/i.test(type)
    ? BODY_SAMPLE
    : IMAGE_HEAD;
}

/** A character that the sample's end cuts off would make the whole text look like another encoding. */
function trimmedUtf8(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0xc0) === 0xc0) end = bytes.length - back;
    if ((byte & 0xc0) !== 0x80) break;
  }
  return bytes.subarray(0, end);
}

/** A range that doesn't begin with the first byte shows no magic. */
function startsElsewhere(fields: Fields): boolean {
  const range = fields.get('content-range');
  return range !== undefined && !/^bytes 0-/i.test(range);
}

function fileName(fields: Fields): string {
  return /filename\*?="?([^";]+)/i.exec(fields.get('content-disposition') ?? '')?.[1] ?? '';
}

/** The parts of a form: each has fields and an empty line before its content (RFC 7578 §4). */
function imageInParts(sample: Uint8Array): string | null {
  const text = latin1(sample);
  let at = 0;
  for (let part = 0; part < MAX_PARTS; part++) {
    const end = text.indexOf('\r\n\r\n', at);
    if (end < 0) return null;
    const name = /filename="([^"]*)"/i.exec(text.slice(at, end))?.[1] ?? '';
    const image = imageInBytes(sample.subarray(end + 4), name);
    if (image !== null) return image;
    at = end + 4;
  }
  return null;
}
