const EMBEDDED = /^([0-9a-f]{6})fffe([0-9a-f]{6})$/;

/**
 * The MAC-48 that an EUI-64 was made of by putting FF-FE in its middle (IEEE Guidelines for Use of EUI, 2017), or null
 * where it was not, or where no network card can have it.
 */
export function embeddedMac(
  universalId: string | undefined,
  universalIdType: string | undefined,
): string | null {
  if (universalId === undefined || !/^EUI-?64$/i.test(universalIdType ?? '')) return null;
  const match = EMBEDDED.exec(universalId.toLowerCase().replace(/[-:. ]/g, ''));
  if (match === null) return null;
  const digits = `${match[1]}${match[2]}`;
  const isGroup = (Number.parseInt(digits.slice(0, 2), 16) & 1) === 1;
  return isGroup || /^0+$/.test(digits) ? null : digits.replace(/..(?=.)/g, '$&:');
}
