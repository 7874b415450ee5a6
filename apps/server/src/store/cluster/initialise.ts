import { spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterLayout } from './layout.ts';
import { ADMIN_ROLE } from './peers.ts';
import type { SystemUser } from './system-user.ts';

/**
 * Makes the cluster where there is none; true where it did. The mark of a whole one is written last: what a killed
 * `initdb` left is removed and made anew, for nothing was ever stored in it.
 */
export async function initialise(
  binaries: string,
  layout: ClusterLayout,
  user: SystemUser | null,
): Promise<boolean> {
  const mark = join(layout.data, 'wardline-initialised');
  if (existsSync(mark)) return false;
  for (const entry of readdirSync(layout.data)) rmSync(join(layout.data, entry), { recursive: true });
  const settings = ['--auth=peer', '--encoding=UTF8', '--locale-provider=builtin', '--locale=C.UTF-8'];
  const target = ['-D', layout.data, '-U', ADMIN_ROLE];
  await run(join(binaries, 'bin', 'initdb'), [...target, ...settings], user);
  writeFileSync(mark, '');
  return true;
}

function run(command: string, args: string[], user: SystemUser | null): Promise<void> {
  const as = user === null ? {} : { uid: user.uid, gid: user.gid };
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...as, env, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2000);
    });
    child.on('error', reject);
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`initdb ended with ${code}: ${said.trim()}`)),
    );
  });
}
