import { UpdatesFault } from '../fault.ts';
import type { TargetFile } from '../metadata/file.ts';
import { integerAt, type JsonObject, objectAt, textAt } from '../metadata/json.ts';

/**
 * What is signed of an image besides its ciphertext's length and digest: for which devices it is, and what it is when it is opened.
 * It stands under `custom.firmware` of a target.
 */
export interface Firmware {
  manufacturer: string;
  model: string;
  version: string;
  /** Only goes up: a device never takes an image whose number is below the highest that it has confirmed. */
  securityVersion: number;
  /** The group of devices whose key opens it. */
  group: string;
  plaintext: { length: number; sha256: string };
  /** SHA-256 of the maker's public key that signed what was sealed; empty where the maker signs nothing. */
  makerKey: string;
}

const SHA256 = /^[0-9a-f]{64}$/;
const NAME = /^[^\p{C}]{1,100}$/u;

/** @throws UpdatesFault where a target is not said to be firmware, whole and sealed */
export function readFirmware({ path, custom }: TargetFile): Firmware {
  if (custom === null) throw new UpdatesFault('malformed', `${path}: nothing says what firmware it is`);
  return firmwareFrom(objectAt(custom, 'firmware'));
}

/** @throws UpdatesFault */
export function firmwareFrom(value: JsonObject): Firmware {
  const plaintext = objectAt(value, 'plaintext');
  const name = (field: string): string => fitting(textAt(value, field), NAME, field);
  const makerKey = textAt(value, 'maker_key');
  return {
    manufacturer: name('manufacturer'),
    model: name('model'),
    version: name('version'),
    securityVersion: integerAt(value, 'security_version', 0),
    group: name('group'),
    plaintext: {
      length: integerAt(plaintext, 'length', 1),
      sha256: fitting(textAt(plaintext, 'sha256'), SHA256, 'sha256'),
    },
    makerKey: makerKey === '' ? '' : fitting(makerKey, SHA256, 'maker_key'),
  };
}

function fitting(text: string, pattern: RegExp, field: string): string {
  if (!pattern.test(text)) throw new UpdatesFault('malformed', `"${field}" of the firmware is none`);
  return text;
}

/** As it is signed. */
export const firmwareDocument = (firmware: Firmware): JsonObject => ({
  manufacturer: firmware.manufacturer,
  model: firmware.model,
  version: firmware.version,
  security_version: firmware.securityVersion,
  group: firmware.group,
  plaintext: { ...firmware.plaintext },
  maker_key: firmware.makerKey,
});
