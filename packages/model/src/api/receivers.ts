import { z } from 'zod';
import { instant, reasonBody } from './common.ts';

/** Forms in which an alert is told to a program. */
export const alertForms = ['json', 'ocsf', 'cef'] as const;
export type AlertForm = (typeof alertForms)[number];
export const receiverKinds = ['syslog', 'webhook', 'mail'] as const;
export type ReceiverKind = (typeof receiverKinds)[number];

const host = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$|^[0-9a-f:]*:[0-9a-f:.]*$/, 'expected a name or an address');
const pem = z
  .string()
  .max(64 * 1024)
  .regex(/-----BEGIN CERTIFICATE-----/, 'expected certificates in PEM');
/** The authorities that the receiver's certificate is held against; null for those of the system. */
const ca = pem.nullable().default(null);

/** Syslog over TLS (RFC 5425). */
export const syslogReceiver = z.strictObject({
  kind: z.literal('syslog'),
  host,
  port: z.int().min(1).max(65_535).default(6514),
  form: z.enum(alertForms).default('ocsf'),
  ca,
  /** This server's own certificate, where the receiver asks for one; its key is the secret. */
  certificate: pem.nullable().default(null),
});
export type SyslogReceiver = z.infer<typeof syslogReceiver>;

/** HTTPS, each message signed with the secret (HMAC-SHA-256). */
export const webhookReceiver = z.strictObject({
  kind: z.literal('webhook'),
  url: z
    .url({ protocol: /^https$/ })
    .max(2000)
    .refine((text) => {
      const { username, password, hash } = new URL(text);
      return username + password + hash === '';
    }, 'expected an address without a password and without a fragment'),
  form: z.enum(['json', 'ocsf']).default('ocsf'),
  ca,
});
export type WebhookReceiver = z.infer<typeof webhookReceiver>;

/** RFC 5321 between angle brackets, without what would end a line or the brackets. */
const mailbox = z
  .string()
  .trim()
  .max(254)
  .regex(/^[^\s<>@]{1,64}@[^\s<>@]{1,253}$/, 'expected an address as duty@hospital.example');

/** Mail by the hospital's relay: grave stories only, gathered. */
export const mailReceiver = z.strictObject({
  kind: z.literal('mail'),
  host,
  port: z.int().min(1).max(65_535).default(587),
  /** `always`: TLS from the start; `required`: by STARTTLS, or not at all. */
  tls: z.enum(['required', 'always']).default('required'),
  ca,
  from: mailbox,
  to: mailbox,
  /** Who signs in at the relay, where it asks for that; the password is the secret. */
  user: z
    .string()
    .max(200)
    .regex(/^[^\0]+$/)
    .nullable()
    .default(null),
  /** Minutes for which what is not critical is gathered. */
  gather: z.int().min(1).max(1440).default(15),
});
export type MailReceiver = z.infer<typeof mailReceiver>;

export const receiverSettings = z.discriminatedUnion('kind', [syslogReceiver, webhookReceiver, mailReceiver]);
export type ReceiverSettings = z.infer<typeof receiverSettings>;

const id = z.string();
export const receiverSchema = z.object({
  id,
  name: z.string(),
  settings: receiverSettings,
  hasSecret: z.boolean(),
  paused: z.boolean(),
  added: instant,
  addedBy: z.string(),
  /** Everything behind this number is for it. */
  from: z.int(),
  /** The last number that was handed over to it. */
  sent: z.int(),
  /** The last number that it surely has; what lies between this and `sent` is sent again when the connection breaks. */
  sure: z.int(),
  /** Numbers that wait for it. */
  waiting: z.int(),
  /** Numbers that were no longer kept when it came back; it was told which. */
  missing: z.int(),
  lastSent: instant.nullable(),
  /** Since when, and why, it cannot be served; null while all is well. */
  trouble: z.object({ since: instant, text: z.string() }).nullable(),
});
export type AlertReceiver = z.infer<typeof receiverSchema>;
export const receiverListResponse = z.object({
  asOf: instant,
  /** The latest number that was given. */
  latest: z.int(),
  items: z.array(receiverSchema),
});
export type AlertReceiverList = z.infer<typeof receiverListResponse>;

export const receiverBody = reasonBody.extend({
  name: z.string().trim().min(1).max(80),
  settings: receiverSettings,
  /**
   * Key in PEM of a syslog receiver's certificate; what a webhook's messages are signed with (16 characters or more), else one is made;
   * the password at a mail relay.
   */
  secret: z
    .string()
    .min(1)
    .max(16 * 1024)
    .optional(),
  /** The number up to which it has everything; left out, it is told what comes from now on. */
  after: z.int().min(0).optional(),
});
export type ReceiverBody = z.infer<typeof receiverBody>;
export const receiverMadeResponse = z.object({
  id,
  /** A secret that was made for it. It is told this once. */
  secret: z.string().nullable(),
});
export const receiverChangeBody = reasonBody.extend({ paused: z.boolean() });
export const receiverChangedResponse = z.object({ id });
