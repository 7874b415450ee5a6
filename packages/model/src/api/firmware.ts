import { z } from 'zod';
import { instant, reasonBody } from './common.ts';

const keyId = z.string().regex(/^[0-9a-f]{64}$/);
const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** A key of the server, which signs timestamp and snapshot. */
export const firmwareKeySchema = z.object({
  number: z.int(),
  id: keyId,
  /** Ed25519, 32 bytes in hexadecimal. */
  public: z.string(),
  made: instant,
  /** Whether the root of now lets it sign. */
  signs: z.boolean(),
});
export type FirmwareKey = z.infer<typeof firmwareKeySchema>;
export const firmwareKeysResponse = z.object({ items: z.array(firmwareKeySchema) });

const roleSchema = z.object({
  role: z.string(),
  version: z.int(),
  expires: instant,
  threshold: z.int(),
  keys: z.array(z.string()),
  /** Images that it lists itself. */
  images: z.int(),
});

export const firmwareStatusResponse = z.object({
  asOf: instant,
  keys: z.array(firmwareKeySchema),
  /** Root, timestamp, snapshot, targets and whom it delegates to; empty before the first publication. */
  roles: z.array(roleSchema),
  /** Lists of equal keys over which images are spread; empty where they are not. */
  bins: z.array(roleSchema),
});
export type FirmwareStatus = z.infer<typeof firmwareStatusResponse>;

export const firmwareReleaseSchema = z.object({
  path: z.string(),
  role: z.string(),
  manufacturer: z.string(),
  model: z.string(),
  version: z.string(),
  securityVersion: z.int(),
  group: z.string(),
  sha256: digest,
  length: z.int(),
  plaintextSha256: digest,
  /** SHA-256 of the maker's key that had signed the image; empty where none had. */
  makerKey: z.string(),
  published: instant,
  /** When it was listed no more; null while it is. */
  withdrawn: instant.nullable(),
  /** The bill of materials of that model and version; null where there is none. */
  sbom: z.string().nullable(),
  /** SHA-256 of the bill of materials that was signed with the image; null where none was. */
  sbomSha256: digest.nullable(),
  /** Who built it and from what, as its builder signed it; null where it was not said. */
  provenance: z
    .object({
      sha256: digest,
      predicate: z.string(),
      builder: z.string(),
      buildType: z.string(),
      source: z.object({ uri: z.string(), digest: z.string() }).nullable(),
      finished: z.string(),
      builderKey: digest,
    })
    .nullable(),
  /** Advisories that it answers. */
  advisories: z.array(z.string()),
  /** Assets of that maker and model, and of these those that run this version. */
  devices: z.int(),
  running: z.int(),
});
export type FirmwareRelease = z.infer<typeof firmwareReleaseSchema>;
export const firmwareReleasesResponse = z.object({ asOf: instant, items: z.array(firmwareReleaseSchema) });

export const firmwareUploadQuery = z.object({ sha256: digest, reason: z.string().trim().min(1).max(2000) });
export const firmwareUploadResponse = z.object({ sha256: digest, length: z.int(), isNew: z.boolean() });

export const firmwarePaperBody = reasonBody.extend({
  kind: z.enum(['sbom', 'provenance']),
  /** The document as it is signed for: its digest is that of this text in UTF-8. */
  text: z.string().min(1).max(60_000_000),
  /** Of provenance: the builder's public key or certificate, in PEM. */
  builderKey: z.string().max(20_000).default(''),
});
export const firmwarePaperDocument = firmwarePaperBody.pick({ kind: true, text: true }).extend({
  builderKey: z.string(),
});
export const firmwarePaperResponse = z.object({ sha256: digest, isNew: z.boolean() });

export const firmwarePublishBody = reasonBody.extend({
  documents: z
    .array(z.object({ role: z.string().min(1).max(80), text: z.string().max(6_000_000) }))
    .max(2000),
});
export const firmwarePublishResponse = z.object({
  root: z.int(),
  snapshot: z.int(),
  timestamp: z.int(),
  images: z.int(),
});
