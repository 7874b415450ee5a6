import { chownSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { ClusterLayout } from './layout.ts';
import type { SystemUser } from './system-user.ts';

/** The database's own role owns its database and is no superuser. */
export const ROLE = 'wardline';
export const ADMIN_ROLE = 'wardline_admin';

/**
 * Who gets in: whoever the kernel says is this server's user, or the database's own, over the private socket. There is no password
 * that could be copied, and nothing listens on a network. Written before each start, so that a folder of before loses its password.
 */
export function admitPeers(layout: ClusterLayout, user: SystemUser | null): void {
  const names = new Set([userInfo().username, ...(user === null ? [] : [user.name])]);
  const mapped = [...names].flatMap((name) =>
    [ROLE, ADMIN_ROLE].map((role) => `wardline ${quoted(name)} ${role}`),
  );
  const rules = ['all', 'replication'].map((database) => `local ${database} all peer map=wardline`);
  for (const [file, lines] of [
    ['pg_ident.conf', mapped],
    ['pg_hba.conf', rules],
  ] as const)
    replace(join(layout.data, file), `${lines.join('\n')}\n`, user);
  rmSync(layout.passwordFile, { force: true });
}

/** A user's name as one word of the database's files. @throws where it could be read as another rule */
function quoted(name: string): string {
  if (!/^[^"\s\p{C}/+&][^"\p{C}]*$/u.test(name))
    throw new Error(`The database cannot know a user by the name ${name}`);
  return `"${name}"`;
}

function replace(file: string, text: string, user: SystemUser | null): void {
  const half = `${file}.new`;
  writeFileSync(half, text, { mode: 0o600 });
  if (user !== null) chownSync(half, user.uid, user.gid);
  renameSync(half, file);
}
