import type { Sbom } from './sbom.ts';

/** How other documents name this one; null where it has no serial number. */
export const linkTo = ({ id, revision }: Pick<Sbom, 'id' | 'revision'>): string | null =>
  id?.startsWith('urn:uuid:') === true
    ? `${id.replace('urn:uuid:', 'urn:cdx:')}/${revision}`.toLowerCase()
    : null;

/** The document that a BOM-Link (`urn:cdx:SERIAL/VERSION#REF`) leads into, without the part; null where it is none. */
export const linkOf = (ref: string): string | null =>
  /^(urn:cdx:[0-9a-f-]{36}\/[1-9]\d*)#/i.exec(ref)?.[1]?.toLowerCase() ?? null;

/** The part that a BOM-Link names. */
export function linkedPart(ref: string): string {
  const part = ref.slice(ref.indexOf('#') + 1);
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
