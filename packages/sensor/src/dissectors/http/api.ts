import type { Fields } from './head.ts';

export type Api = 'fhir' | 'dicomweb';

const fhirTypes = /application\/(fhir\+(json|xml|turtle|ndjson)|(json|xml)\+fhir)/i;
const dicomTypes = /application\/dicom(\+json|\+xml)?\b/i;

/** What a message's content and accepted types say; paths only help where the types say nothing. */
export function apiByTypes(fields: Fields): Api | null {
  const types = `${fields.get('content-type') ?? ''},${fields.get('accept') ?? ''}`;
  if (fhirTypes.test(types)) return 'fhir';
  return dicomTypes.test(types) ? 'dicomweb' : null;
}

/** Shapes of paths that only these interfaces have (FHIR R4 §3.1, DICOM PS3.18 §8.2, §9). */
export function apiByPath(path: string, query: string): Api | null {
  if (/(^|&)requestType=WADO(&|$)/i.test(query)) return 'dicomweb';
  if (/\/(dicom-?web|dcm4chee-arc\/aets|wado-rs|qido-rs|stow-rs)\b/i.test(path)) return 'dicomweb';
  if (/\/studies\/[0-9][0-9.]{4,63}(\/|$)/.test(path)) return 'dicomweb';
  return /\/fhir(\/|$)/i.test(path) ? 'fhir' : null;
}

/** What anybody may read by the standard: the capability statement and how to authenticate. */
export function isPublic(path: string): boolean {
  return /\/(metadata|\.well-known\/[a-z-]+)$/i.test(path);
}
