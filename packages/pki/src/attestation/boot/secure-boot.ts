import type { HashAlgorithm } from '../tpm/algorithms.ts';
import { Octets } from '../tpm/octets.ts';
import { type EventLog, isMeasured, VARIABLE_DRIVER_CONFIG } from './event-log.ts';

/** EFI_GLOBAL_VARIABLE, as its bytes stand in a log. */
const GLOBAL = '61dfe48bca93d211aa0d00e098032b8c';
const SECURE_BOOT_PCR = 7;
/** Characters of a variable's name that are looked at; the one that is looked for has ten. */
const NAME_CHARACTERS = 64;

/** Whether UEFI Secure Boot was on, from the variable that was measured; null where the log does not say it. */
export function secureBootOf({ events }: EventLog, bank: HashAlgorithm): boolean | null {
  const states = events
    .filter(({ pcr, type }) => pcr === SECURE_BOOT_PCR && type === VARIABLE_DRIVER_CONFIG)
    .filter((event) => isMeasured(event, bank))
    .map(({ data }) => variableOf(data))
    .filter((variable) => variable?.guid === GLOBAL && variable.name === 'SecureBoot')
    .map((variable) => variable!.value.length === 1 && variable!.value[0] === 1);
  // Measured twice with two values, it says nothing.
  return new Set(states).size === 1 ? states[0]! : null;
}

/** UEFI_VARIABLE_DATA, PFP §10.4.2 */
function variableOf(data: Uint8Array): { guid: string; name: string; value: Uint8Array } | null {
  const octets = new Octets(data, 'little');
  const guid = Buffer.from(octets.take(16)).toString('hex');
  const [characters, length] = [octets.u64(), octets.u64()];
  if (characters > NAME_CHARACTERS || length > data.length) return null;
  const name = Buffer.from(octets.take(Number(characters) * 2)).toString('utf16le');
  const value = octets.take(Number(length));
  return octets.complete ? { guid, name, value } : null;
}
