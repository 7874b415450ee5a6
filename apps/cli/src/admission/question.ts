import { type Asking, hardwareAddress } from '@wardline/policy';
import { z } from 'zod';
import type { PortSession } from './radius-packet.ts';

/** What rlm_rest sends: each attribute with its type and values (`body = "json"`). */
const questionSchema = z.record(
  z.string(),
  z.looseObject({ value: z.array(z.union([z.string(), z.number()])) }),
);

export interface Question {
  asking: Asking;
  session: PortSession | null;
  /** Of its certificate, in hexadecimal; null where it showed none. */
  serial: string | null;
}

/** Null where the question names no device. */
export function questionOf(body: unknown): Question | null {
  const parsed = questionSchema.safeParse(body);
  if (!parsed.success) return null;
  const { data } = parsed;
  const text = (name: string) => {
    const [value] = data[name]?.value ?? [];
    return value === undefined ? null : String(value);
  };
  const callingStation = text('Calling-Station-Id');
  const mac = hardwareAddress(callingStation ?? '');
  if (mac === null) return null;
  const isCertificate = text('EAP-Type') !== null;
  const asking: Asking = {
    mac,
    method: isCertificate ? 'certificate' : 'address',
    name: isCertificate ? text('TLS-Client-Cert-Common-Name') : null,
  };
  const serial = isCertificate ? serialOf(text('TLS-Client-Cert-Serial')) : null;
  return { asking, session: sessionOf(text, callingStation!), serial };
}

const serialOf = (text: string | null): string | null =>
  text !== null && /^[0-9a-f]{1,64}$/i.test(text) ? text.toLowerCase() : null;

function sessionOf(text: (name: string) => string | null, callingStation: string): PortSession | null {
  const nasAddress = text('NAS-IP-Address') ?? text('Packet-Src-IP-Address');
  if (nasAddress === null || !z.ipv4().safeParse(nasAddress).success) return null;
  const port = Number(text('NAS-Port') ?? Number.NaN);
  return {
    userName: text('User-Name'),
    nasAddress,
    nasPort: Number.isInteger(port) && port >= 0 && port < 2 ** 32 ? port : null,
    callingStation,
    session: text('Acct-Session-Id'),
  };
}
