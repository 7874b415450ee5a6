import { SOFTWARE_COMPONENTS } from '../limits.ts';
import type { Cbor } from './cbor.ts';

/** RFC 9783: the profile of Arm's Platform Security Architecture. */
export const PSA_PROFILE = 'tag:psacertified.org,2023:psa#tfm';

const CLIENT = 2394;
const LIFECYCLE = 2395;
const IMPLEMENTATION = 2396;
const COMPONENTS = 2399;
const BOOT_SEED = 268;

/** RFC 9783 §4.3.1: the upper byte of the life-cycle claim. */
export const psaLifecycles = [
  'unknown',
  'assembly-and-test',
  'root-of-trust-provisioning',
  'secured',
  'non-root-of-trust-debug',
  'recoverable-root-of-trust-debug',
  'decommissioned',
] as const;
export type PsaLifecycle = (typeof psaLifecycles)[number];

export interface PsaComponent {
  measurement: Uint8Array;
  signer: Uint8Array;
  type: string | null;
  version: string | null;
}

export interface PsaClaims {
  /** Which chip and immutable boot code it is. */
  implementation: Uint8Array;
  lifecycle: PsaLifecycle;
  /** Negative for callers outside of the secure world. */
  client: number;
  components: readonly PsaComponent[];
}

/** RFC 9783 §4: the claims that the profile demands beyond nonce, ueid and profile; or the names of those that are missing or malformed. */
export function readPsaClaims(claims: ReadonlyMap<Cbor, Cbor>): PsaClaims | { malformed: string[] } {
  const implementation = digestSized(claims.get(IMPLEMENTATION), [32]);
  const lifecycle = lifecycleOf(claims.get(LIFECYCLE));
  const client = claims.get(CLIENT);
  const components = componentsOf(claims.get(COMPONENTS));
  const seed = claims.get(BOOT_SEED);
  const malformed = Object.entries({
    'psa-implementation-id': implementation === null,
    'psa-security-lifecycle': lifecycle === null,
    'psa-client-id': !isClient(client),
    'psa-software-components': components === null,
    'psa-boot-seed':
      claims.has(BOOT_SEED) && !(seed instanceof Uint8Array && seed.length >= 8 && seed.length <= 32),
  }).flatMap(([name, bad]) => (bad ? [name] : []));
  if (malformed.length > 0) return { malformed };
  return {
    implementation: implementation!,
    lifecycle: lifecycle!,
    client: client as number,
    components: components!,
  };
}

function lifecycleOf(value: Cbor): PsaLifecycle | null {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > 0xffff) return null;
  // Values between the named ones are another maker's: nothing is known of them.
  return psaLifecycles[value >> 12] !== undefined && (value & 0x0f00) === 0
    ? psaLifecycles[value >> 12]!
    : null;
}

/** RFC 9783 §4.1.2: a 32-bit number; zero is nobody's. */
const isClient = (value: Cbor): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value !== 0 && Math.abs(value) <= 0x8000_0000;

function digestSized(value: Cbor, lengths: readonly number[]): Uint8Array | null {
  return value instanceof Uint8Array && lengths.includes(value.length) ? value : null;
}

const DIGESTS = [32, 48, 64];

/** RFC 9783 §4.4.1: at least one component, each with measurement and signer. */
function componentsOf(value: Cbor): PsaComponent[] | null {
  if (!Array.isArray(value) || value.length === 0 || value.length > SOFTWARE_COMPONENTS) return null;
  const components = (value as readonly Cbor[]).map(componentOf);
  return components.includes(null) ? null : (components as PsaComponent[]);
}

function componentOf(value: Cbor): PsaComponent | null {
  if (!(value instanceof Map)) return null;
  const measurement = digestSized(value.get(2), DIGESTS);
  const signer = digestSized(value.get(5), DIGESTS);
  const [type = null, version = null] = [value.get(1), value.get(4)];
  const texts = [type, version].every((one) => one === null || typeof one === 'string');
  return measurement === null || signer === null || !texts
    ? null
    : { measurement, signer, type: type as string | null, version: version as string | null };
}
