import { z } from 'zod';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { revocationSchema } from '../revocation/revocations.ts';
import { CONNECTIONS } from './limits.ts';

/** Of a certificate or a device: what can stand in a map's line, and in HAProxy's configuration, without any quoting. */
const name = z.string().regex(/^[A-Za-z0-9][\w.@-]{0,63}$/, 'letters, digits and . _ @ - only');
const path = z.string().regex(/^\/[\w./@-]{1,250}$/, 'an absolute path of plain characters');
const at = z.strictObject({ address: z.union([z.ipv4(), z.ipv6()]), port: z.int().min(1).max(65_535) });

/** A legacy device that others reach only with a certificate. */
const inwardSchema = z.strictObject({ device: name, listen: at, to: at, peers: z.array(name) });
/** A legacy device that the gateway gives a certificate on its way out. */
const outwardSchema = z.strictObject({
  device: name,
  from: z.union([z.ipv4(), z.ipv6()]),
  listen: at,
  to: at,
  /** Certificate and key of the device, which only the gateway holds. */
  certificate: path,
  /** The name that the server's certificate has to carry. */
  serverName: name,
});

const planSchema = z.strictObject({
  /** Certificate and key of the gateway itself. */
  certificate: path,
  authorities: path,
  /** Where HAProxy is told of changes while it runs. */
  socket: path,
  /** Lists of revoked certificates; without them a certificate is shut out by its name only. */
  revocation: revocationSchema.nullable().default(null),
  inwards: z.array(inwardSchema).max(CONNECTIONS).default([]),
  outwards: z.array(outwardSchema).max(CONNECTIONS).default([]),
});
export type GatewayPlan = z.infer<typeof planSchema>;

/** @throws CommandError with the place of the first fault */
export function gatewayPlanFrom(file: string, text: string): GatewayPlan {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CommandError(`${file} is no JSON`, exitCodes.failed);
  }
  const parsed = planSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new CommandError(`${file}: ${issue?.path.join('.')}: ${issue?.message}`, exitCodes.failed);
  }
  refuseTwice(file, parsed.data);
  return parsed.data;
}

function refuseTwice(file: string, { inwards, outwards }: GatewayPlan): void {
  for (const list of [inwards, outwards]) {
    const names = list.map(({ device }) => device);
    const twice = names.find((one, index) => names.indexOf(one) !== index);
    if (twice !== undefined) throw new CommandError(`${file}: ${twice} stands twice`, exitCodes.failed);
  }
}
