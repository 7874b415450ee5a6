import { readFileSync } from 'node:fs';
import { ConfigError } from './config-error.ts';

export interface NatsEnvironment {
  /** `tls://HOST:PORT`, several parted by commas. */
  urls: string | undefined;
  ca: string | undefined;
  certificate: string | undefined;
  key: string | undefined;
  /** How many brokers keep each batch. */
  replicas: string | undefined;
  /** As `24h`. */
  keep: string | undefined;
  /** As `10G`. */
  room: string | undefined;
}

/** Where batches are taken from beside HTTP. */
export interface NatsConfig {
  servers: readonly string[];
  /** PEM. */
  ca: string | undefined;
  certificate: string;
  key: string;
  replicas: number;
  /** For how long batches stay at the brokers after they were taken, in microseconds. */
  keep: number;
  /** Bytes of batches at the brokers, above which sensors keep them. */
  room: number;
}

const units = { m: 60e6, h: 3600e6, d: 86_400e6 } as const;
const sizes = { M: 1e6, G: 1e9, T: 1e12 } as const;

/** Null where no broker is named. @throws ConfigError that says which setting is wrong and what was expected */
export function parseNats(env: NatsEnvironment): NatsConfig | null {
  if (env.urls === undefined || env.urls.trim() === '') return null;
  const servers = env.urls.split(',').map((one) => one.trim());
  const bad = servers.find((one) => !/^tls:\/\/[^\s/@]+$/.test(one));
  if (bad !== undefined)
    throw new ConfigError(`NATS_URL: expected tls://HOST:PORT, several parted by commas, not ${bad}`);
  const replicas = Number(env.replicas ?? '1');
  if (![1, 3, 5].includes(replicas)) throw new ConfigError('WARDLINE_NATS_REPLICAS must be 1, 3 or 5');
  return {
    servers,
    ca: env.ca === undefined ? undefined : pem('WARDLINE_NATS_CA', env.ca),
    certificate: pem('WARDLINE_NATS_CERT', env.certificate),
    key: pem('WARDLINE_NATS_KEY', env.key),
    replicas,
    keep: amount('WARDLINE_NATS_KEEP', env.keep ?? '24h', units, 'a time as 30m, 24h or 7d'),
    room: amount('WARDLINE_NATS_ROOM', env.room ?? '10G', sizes, 'a size as 500M or 10G'),
  };
}

function pem(setting: string, file: string | undefined): string {
  if (file === undefined || file === '')
    throw new ConfigError(
      `${setting}: expected a file (PEM); brokers and servers prove themselves to each other`,
    );
  try {
    const text = readFileSync(file, 'utf8');
    if (text.includes('-----BEGIN ')) return text;
  } catch (error) {
    throw new ConfigError(`${setting}: ${file} cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  throw new ConfigError(`${setting}: expected a file in PEM, which ${file} is not`);
}

function amount(
  setting: string,
  text: string,
  table: Readonly<Record<string, number>>,
  expected: string,
): number {
  const [, number, unit] = /^(\d{1,6})([a-zA-Z])$/.exec(text.trim()) ?? [];
  const value = Number(number) * (table[unit ?? ''] ?? Number.NaN);
  if (!(value > 0)) throw new ConfigError(`${setting} must be ${expected}, not ${text}`);
  return value;
}
