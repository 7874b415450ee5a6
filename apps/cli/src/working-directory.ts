import { dirname, resolve } from 'node:path';

/**
 * The folder in which the person stands. `npx wardline` inside a workspace runs in the workspace's root, and `npm start`
 * in the repository's; npm keeps the real folder in INIT_CWD. It is believed only where npm itself chose the present
 * folder, so that a script that changed folders on purpose keeps its own.
 */
export function userDirectory(env: NodeJS.ProcessEnv = process.env, cwd: string = process.cwd()): string {
  const { INIT_CWD: initial, npm_package_json: manifest } = env;
  return initial && manifest && dirname(manifest) === cwd ? initial : cwd;
}

/** Resolves a path as the person meant it. */
export function userPath(path: string): string {
  return resolve(userDirectory(), path);
}
