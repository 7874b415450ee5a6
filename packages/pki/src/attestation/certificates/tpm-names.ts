import type { Certificate } from '../../certificate/certificate.ts';
import { Reader } from '../../der/read.ts';
import { attempt } from '../../pki-error.ts';

/** What a certificate of a TPM says beside its key. */
export interface TpmNames {
  /** TCG: 2.23.133.2.1 to .3, in a directory name of the subject's alternative names. */
  manufacturer: string | null;
  model: string | null;
  firmware: string | null;
  /** RFC 4043 permanentIdentifier, RFC 4108 hardwareModuleName: which device it is, byte for byte. */
  identifiers: readonly Uint8Array[];
}

export function tpmNamesOf({ names }: Certificate): TpmNames {
  const directories = names.flatMap((name) => (name.kind === 'directory' ? name.value.parts.flat() : []));
  const attribute = (type: string): string | null =>
    directories.find((one) => one.type === type)?.value ?? null;
  return {
    manufacturer: attribute('2.23.133.2.1'),
    model: attribute('2.23.133.2.2'),
    firmware: attribute('2.23.133.2.3'),
    identifiers: names.flatMap((name) => (name.kind === 'other' ? identifierOf(name.type, name.value) : [])),
  };
}

const PERMANENT_IDENTIFIER = '1.3.6.1.5.5.7.8.3';
const HARDWARE_MODULE = '1.3.6.1.5.5.7.8.4';

/** Nothing where the name is of another kind, or not made as its standard has it. */
function identifierOf(type: string, value: Uint8Array): Uint8Array[] {
  if (type !== PERMANENT_IDENTIFIER && type !== HARDWARE_MODULE) return [];
  const outcome = attempt(() => {
    const within = new Reader(value, 0).enter('a name of a device');
    if (type === PERMANENT_IDENTIFIER) return within.optional('its identifier', 0x0c)?.body ?? null;
    within.next('the kind of hardware', 0x06);
    return within.next('its serial number', 0x04).body;
  });
  return outcome.ok && outcome.value !== null && outcome.value.length > 0 ? [outcome.value] : [];
}
