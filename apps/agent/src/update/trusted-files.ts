import { asSegment, type TrustedStore } from '@wardline/updates';
import type { Disk } from '../disk/disk.ts';
import { TRUSTED_FILE_BYTES } from '../limits.ts';

const nameOf = (role: string): string => `tuf-${asSegment(role)}.json`;

/** What the device trusts of a repository, in its folder. */
export const trustedFiles = (disk: Disk): TrustedStore => ({
  read: async (role) => disk.read(nameOf(role), TRUSTED_FILE_BYTES),
  write: async (role, bytes) => disk.write(nameOf(role), bytes),
  remove: async (role) => disk.remove(nameOf(role)),
});
