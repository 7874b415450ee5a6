import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** As whom the database runs where the server itself is root: PostgreSQL refuses to be root. */
export interface SystemUser {
  name: string;
  uid: number;
  gid: number;
}

const preferred = ['postgres', 'wardline', 'nobody'];

/** Null for ordinary users, who run the database as themselves. */
export function databaseUser(passwd: string = readFileSync('/etc/passwd', 'utf8')): SystemUser | null {
  if (process.getuid?.() !== 0) return null;
  const users = passwd.split('\n').map((line) => line.split(':'));
  for (const name of preferred) {
    const [, , uid, gid] = users.find(([user]) => user === name) ?? [];
    if (uid !== undefined && gid !== undefined && uid !== '0')
      return { name, uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(
    `PostgreSQL cannot run as root, and none of ${preferred.join(', ')} is a user of this system`,
  );
}

/** True where `user` may execute (or enter) what lies at `path`. */
export function canReach(path: string, user: SystemUser): boolean {
  return spawnSync('test', ['-x', path], { uid: user.uid, gid: user.gid, cwd: '/' }).status === 0;
}
