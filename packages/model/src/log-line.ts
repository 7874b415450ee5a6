import { z } from 'zod';
import { endpointSchema } from './endpoint.ts';
import { evidenceSchema } from './evidence.ts';

/** Characters of one line's text that are kept; what a rule looks for stands at its beginning. */
export const LOG_TEXT = 2048;
/** Fields of one line: structured data, and pairs that its text names. */
export const LOG_FIELDS = 64;

export const logTransports = ['udp', 'tcp', 'tls'] as const;
export const logForms = ['rfc5424', 'rfc3164', 'other'] as const;

const word = z.string().max(256).nullable();

/**
 * One line of a log that a device sent, with what stands for patients and secrets replaced by keyed hashes. The third kind of
 * telemetry: it is judged by rules and kept for some days, and says nothing of what a device is.
 */
export const logLineSchema = z.object({
  /** When it came, by the collector's clock. */
  at: z.int().min(0),
  /** When the device says that it was; null where it does not, or without a year. */
  stated: z.int().min(0).nullable(),
  source: endpointSchema,
  transport: z.enum(logTransports),
  form: z.enum(logForms),
  facility: z.int().min(0).max(23).nullable(),
  severity: z.int().min(0).max(7).nullable(),
  host: word,
  application: word,
  process: word,
  messageId: word,
  /** Structured data (`id.name`, RFC 5424 §6.3) and pairs of the text (`name=value`). */
  fields: z
    .record(z.string().max(128), z.string().max(512))
    .refine((fields) => Object.keys(fields).length <= LOG_FIELDS, 'too many fields'),
  text: z.string().max(LOG_TEXT),
  evidence: evidenceSchema,
});
export type LogLine = z.infer<typeof logLineSchema>;
