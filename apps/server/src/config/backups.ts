import { resolve } from 'node:path';
import { ConfigError } from './config-error.ts';

export interface BackupEnvironment {
  /** The folder where backups are kept. */
  folder: string | undefined;
  /** `age1…`, or several with commas: whose other halves open them. */
  recipients: string | undefined;
  /** As `24h`. */
  every: string | undefined;
  /** As `5m`, or `off`. */
  changes: string | undefined;
  /** As `30d`. */
  keep: string | undefined;
  /** `on` or `off`. */
  prove: string | undefined;
}

/** Backups that the server makes by itself; times in microseconds. */
export interface BackupPlan {
  folder: string;
  recipients: readonly string[];
  every: number;
  /** How often changes are written; null where only full backups are. */
  changes: number | null;
  /** For how long any moment can be restored. */
  keep: number;
  /** Whether each is restored at once, to see that it can be. */
  prove: boolean;
}

const units = { s: 1_000_000, m: 60_000_000, h: 3_600_000_000, d: 86_400_000_000 } as const;
/** The shortest pauses: below them a backup would hardly end before the next begins. */
const LEAST_EVERY = units.m;
const LEAST_CHANGES = units.s;
const MOST = 3650 * units.d;

/** Null where none are planned. @throws ConfigError that says which setting is wrong and what was expected */
export function parseBackups(env: BackupEnvironment): BackupPlan | null {
  if (!env.folder) return null;
  const recipients = (env.recipients ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const bad = recipients.find((one) => !/^age1[02-9ac-hj-np-z]{58}$/.test(one));
  if (recipients.length === 0 || bad !== undefined)
    throw new ConfigError(
      'WARDLINE_BACKUP_RECIPIENT must be a public key, as `wardline backup key` prints it (age1…)',
    );
  const prove = env.prove ?? 'on';
  if (prove !== 'on' && prove !== 'off') throw new ConfigError('WARDLINE_BACKUP_PROVE must be on or off');
  return {
    folder: resolve(env.folder),
    recipients,
    every: duration('WARDLINE_BACKUP_EVERY', env.every ?? '24h', LEAST_EVERY),
    changes:
      env.changes === 'off' ? null : duration('WARDLINE_BACKUP_CHANGES', env.changes ?? '5m', LEAST_CHANGES),
    keep: duration('WARDLINE_BACKUP_KEEP', env.keep ?? '30d', LEAST_EVERY),
    prove: prove === 'on',
  };
}

function duration(setting: string, text: string, least: number): number {
  const [, number, unit] = /^(\d{1,6})([smhd])$/.exec(text.trim()) ?? [];
  const micros = Number(number) * units[(unit ?? 's') as keyof typeof units];
  if (number === undefined || micros < least || micros > MOST)
    throw new ConfigError(
      `${setting} must be a time as 90s, 5m, 24h or 30d, from ${least / units.s} seconds to ten years`,
    );
  return micros;
}
