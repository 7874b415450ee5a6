import { UpdatesFault } from '../fault.ts';
import { RELEASE_ADVISORIES } from '../limits.ts';
import type { TargetFile } from '../metadata/file.ts';
import { integerAt, isObject, type JsonObject, member, objectAt, textAt, textsAt } from '../metadata/json.ts';

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
  /** What was handed in with it; absent where nothing was. */
  papers?: Papers;
}

/** Documents that belong to an image, each bound by its digest. */
export interface Papers {
  /** Its bill of materials: SHA-256. */
  sbom: string | null;
  /** Who built it and from what: SHA-256 of the document, and of the public key that signed it. */
  provenance: { sha256: string; builderKey: string } | null;
  /** Advisories that it answers: addresses or identifiers. */
  advisories: readonly string[];
}

const SHA256 = /^[0-9a-f]{64}$/;
const NAME = /^[^\p{C}]{1,100}$/u;
const ADVISORY = /^[^\p{C}\s]{1,500}$/u;

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
    ...papersOf(value),
  };
}

function papersOf(value: JsonObject): Pick<Firmware, 'papers'> {
  const papers = member(value, 'papers');
  if (papers === undefined) return {};
  if (!isObject(papers)) throw new UpdatesFault('malformed', '"papers" of the firmware is none');
  const advisories = member(papers, 'advisories') === undefined ? [] : textsAt(papers, 'advisories');
  if (advisories.length > RELEASE_ADVISORIES)
    throw new UpdatesFault('malformed', `more than ${RELEASE_ADVISORIES} advisories`);
  const provenance = member(papers, 'provenance');
  return {
    papers: {
      sbom: member(papers, 'sbom') === undefined ? null : fitting(textAt(papers, 'sbom'), SHA256, 'sbom'),
      provenance:
        provenance === undefined
          ? null
          : {
              sha256: fitting(textAt(objectAt(papers, 'provenance'), 'sha256'), SHA256, 'sha256'),
              builderKey: fitting(
                textAt(objectAt(papers, 'provenance'), 'builder_key'),
                SHA256,
                'builder_key',
              ),
            },
      advisories: advisories.map((one) => fitting(one, ADVISORY, 'advisories')),
    },
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
  ...(firmware.papers === undefined ? {} : { papers: papersDocument(firmware.papers) }),
});

const papersDocument = ({ sbom, provenance, advisories }: Papers): JsonObject => ({
  ...(sbom === null ? {} : { sbom }),
  ...(provenance === null
    ? {}
    : { provenance: { sha256: provenance.sha256, builder_key: provenance.builderKey } }),
  ...(advisories.length === 0 ? {} : { advisories: [...advisories] }),
});
