import { z } from 'zod';
import { instant, listParameter, page, pagingQuery, reasonBody } from './common.ts';

/** What is known of where a key lies: nothing, what somebody says, or what the hardware itself proved. */
export const assuranceLevels = ['software', 'hardware-claimed', 'hardware-proved'] as const;
export type AssuranceLevel = (typeof assuranceLevels)[number];

export const certificateProfiles = ['device', 'gateway', 'server', 'person'] as const;
/** `requested`: its key waits for the root. `retiring`: it issues no more, and what it issued still holds. */
export const authorityStates = ['requested', 'issuing', 'retiring', 'withdrawn', 'expired'] as const;
/** `due`: past two thirds of its life and not renewed. */
export const certificateStates = ['valid', 'due', 'expired', 'revoked'] as const;
export const enrolmentStates = ['waiting', 'issued', 'refused'] as const;
export const enrolmentWays = ['code', 'manufacturer', 'renewal'] as const;
export const revocationWhys = [
  'unspecified',
  'key-compromise',
  'affiliation-changed',
  'superseded',
  'out-of-service',
] as const;

export const authoritySchema = z.object({
  id: z.string(),
  zone: z.string(),
  domain: z.string(),
  organization: z.string(),
  state: z.enum(authorityStates),
  /** Whether the zone's key opens the authority's. */
  open: z.boolean(),
  root: z.string().nullable(),
  /** By which the root revokes it; null while it waits for the root. */
  serial: z.string().nullable(),
  added: instant,
  from: instant.nullable(),
  until: instant.nullable(),
  /** Certificates that hold. */
  holding: z.int(),
  revoked: z.int(),
  list: z.object({ number: z.int(), until: instant.nullable() }),
  responderUntil: instant.nullable(),
});
export type AuthorityRow = z.infer<typeof authoritySchema>;

export const trustRootSchema = z.object({
  fingerprint: z.string(),
  subject: z.string(),
  until: instant,
  added: instant,
  /** What it revoked itself; number 0 where no ceremony published a list yet. */
  list: z.object({ number: z.int(), until: instant.nullable(), revoked: z.int() }),
});

/** What expires or fails next, the first first. */
export const trustNextSchema = z.object({
  at: instant,
  kind: z.enum(['root', 'authority', 'answers', 'list', 'certificate']),
  /** One sentence for a person. */
  text: z.string(),
  certificate: z.string().nullable(),
});

export const trustResponse = z.object({
  asOf: instant,
  roots: z.array(trustRootSchema),
  authorities: z.array(authoritySchema),
  /** Certificates by state, and enrolments that wait for a person. */
  counts: z.object({
    valid: z.int(),
    due: z.int(),
    expired: z.int(),
    revoked: z.int(),
    waiting: z.int(),
    software: z.int(),
    claimed: z.int(),
    proved: z.int(),
  }),
  /** Days ahead on which certificates end that nobody has renewed; days without any are left out. */
  calendar: z.array(z.object({ day: z.string(), ends: z.int(), renewals: z.int() })),
  next: z.array(trustNextSchema),
});
export type Trust = z.infer<typeof trustResponse>;

export const authorityRequestBody = reasonBody.extend({
  zone: z.string().trim().min(1).max(64),
  organization: z.string().trim().min(1).max(64),
  /** Below which all names of the zone lie. */
  domain: z.string().max(200),
  mailDomain: z.string().max(200).nullable().default(null),
});
/** A list that a root signed, PEM. */
export const authorityPublishBody = reasonBody.extend({ list: z.string().max(500_000) });
export const authorityPublishedResponse = z.object({
  root: z.string(),
  number: z.int(),
  withdrawn: z.array(z.string()),
});
export const authorityRequestedResponse = z.object({ id: z.string(), request: z.string() });
export const authorityInstallBody = reasonBody.extend({
  /** PEM. */
  certificate: z.string().max(20_000),
  root: z.string().max(20_000),
});
export const authorityChangedResponse = z.object({ id: z.string(), zone: z.string() });

export const certificateRowSchema = z.object({
  id: z.string(),
  serial: z.string(),
  zone: z.string(),
  profile: z.enum(certificateProfiles),
  /** As the certificate names it. */
  holder: z.string(),
  asset: z.string().nullable(),
  assetName: z.string().nullable(),
  state: z.enum(certificateStates),
  from: instant,
  until: instant,
  renewAt: instant,
  assurance: z.enum(assuranceLevels),
  issuedBy: z.string(),
  revoked: instant.nullable(),
  revokedWhy: z.enum([...revocationWhys, 'authority-compromise', 'on-hold']).nullable(),
  /** When it was last shown to the server. */
  seen: instant.nullable(),
});
export type CertificateRow = z.infer<typeof certificateRowSchema>;
export const certificateListQuery = pagingQuery.extend({
  q: z.string().max(200).optional(),
  zone: listParameter,
  state: listParameter,
  asset: z.string().max(63).optional(),
});
export const certificateListResponse = page(certificateRowSchema);
export const certificateDetailSchema = certificateRowSchema.extend({
  /** PEM, with the authority's behind it. */
  chain: z.string(),
  subject: z.string(),
  names: z.array(z.string()),
  keyDigest: z.string(),
  fingerprint: z.string(),
  issuer: z.string(),
});
export const certificateRevokeBody = reasonBody.extend({ why: z.enum(revocationWhys) });
export const certificateRevokedResponse = z.object({ id: z.string(), serial: z.string() });

export const enrolmentRowSchema = z.object({
  id: z.string(),
  state: z.enum(enrolmentStates),
  way: z.enum(enrolmentWays),
  profile: z.enum(certificateProfiles),
  zone: z.string().nullable(),
  asset: z.string().nullable(),
  assetName: z.string().nullable(),
  /** What its own certificate says of it, where it came with one. */
  maker: z.string().nullable(),
  serialNumber: z.string().nullable(),
  /** Why it waits, one sentence each. */
  misfits: z.array(z.string()),
  assurance: z.enum(assuranceLevels),
  keyDigest: z.string(),
  asked: instant,
  lastAsked: instant,
  decided: instant.nullable(),
  decidedBy: z.string().nullable(),
  decision: z.string().nullable(),
  certificate: z.string().nullable(),
});
export type EnrolmentRow = z.infer<typeof enrolmentRowSchema>;
export const enrolmentListQuery = pagingQuery.extend({ state: listParameter });
export const enrolmentListResponse = page(enrolmentRowSchema);
export const enrolmentApproveBody = reasonBody.extend({
  asset: z.string().max(63),
  zone: z.string().max(64),
});
export const enrolmentDecidedResponse = z.object({ id: z.string(), certificate: z.string().nullable() });

/** RFC 9783: the profile of Arm’s Platform Security Architecture. */
export const psaTokenProfile = 'tag:psacertified.org,2023:psa#tfm';
/** A secure element or TEE by which a device is known: what it is called, and by what its tokens are signed. */
export const elementSchema = z.object({
  /** The universal entity id (RFC 9711, section 4.2.1) in hexadecimal: a byte of kind and the id. */
  ueid: z.string().regex(/^(?:[0-9a-f]{2}){7,33}$/),
  /** The public half of its attestation key (PEM), as its maker told it. */
  key: z.string().max(2000),
  profile: z.string().min(1).max(200).default(psaTokenProfile),
});
export type EnrolmentElement = z.infer<typeof elementSchema>;

export const enrolmentCodeBody = reasonBody.extend({
  asset: z.string().max(63),
  /** Null: the zone in which the policy in force has it. */
  zone: z.string().max(64).nullable().default(null),
  profile: z.enum(certificateProfiles).default('device'),
  hosts: z.array(z.string().max(200)).max(20).default([]),
  hours: z
    .int()
    .min(1)
    .max(24 * 30)
    .default(72),
  /** The device’s TPM, as `wardline-agent tpm` names it: its key has to be proved to lie there. */
  tpm: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/)
    .nullable()
    .default(null),
  /** The device’s secure element or TEE: its token (RFC 9711) has to vouch for the key. */
  element: elementSchema.nullable().default(null),
});
/** The code is told once and never again. */
export const enrolmentCodeResponse = z.object({ id: z.string(), code: z.string(), expires: instant });

/** Makers of devices vouch for devices (IEEE 802.1AR), makers of TPMs for endorsement keys. */
export const makerKinds = ['devices', 'tpms'] as const;
export const makerSchema = z.object({
  id: z.string(),
  kind: z.enum(makerKinds),
  vendor: z.string(),
  subject: z.string(),
  fingerprint: z.string(),
  until: instant,
  added: instant,
});
export const makerListResponse = z.object({ items: z.array(makerSchema) });
export const makerAddBody = reasonBody.extend({
  kind: z.enum(makerKinds).default('devices'),
  vendor: z.string().trim().min(1).max(100),
  /** PEM. */
  certificate: z.string().max(20_000),
});
export const makerAddedResponse = z.object({ id: z.string() });

/** Structures of a TPM in base64; none is longer than its buffer for commands. */
const tpmBytes = z.base64().max(6000);
/** What a device shows before its TPM is asked to prove a key. */
export const attestationOfferBody = z.object({
  /** TPMT_PUBLIC of the endorsement key, the attestation key and the key that is to be certified. */
  ekPublic: tpmBytes,
  akPublic: tpmBytes,
  keyPublic: tpmBytes,
  /** DER. */
  ekCertificate: z.base64().max(22_000),
  intermediates: z.array(z.base64().max(22_000)).max(4),
});
export const attestationChallengeResponse = z.object({
  id: z.uuid(),
  challenge: tpmBytes,
  /** TPMS_ID_OBJECT and TPM2B_ENCRYPTED_SECRET without its size. */
  blob: tpmBytes,
  seed: tpmBytes,
});
/** What the TPM said: the secret that only it opens, and its statement about the key. */
export const attestationAnswerBody = z.object({
  id: z.uuid(),
  secret: tpmBytes,
  certifyInfo: tpmBytes,
  signature: tpmBytes,
});
/** Which key a secure element or TEE is to vouch for: SubjectPublicKeyInfo in DER. */
export const elementQuestionBody = z.object({ key: z.base64().max(2000) });
/** The nonce that the token has to hold. */
export const elementQuestionResponse = z.object({ id: z.uuid(), nonce: z.base64() });
export const elementAnswerBody = z.object({ id: z.uuid(), token: z.base64().max(88_000) });
export const attestationVerdictResponse = z.object({ assurance: z.enum(assuranceLevels) });
