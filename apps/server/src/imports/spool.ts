import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDiskFull, Refusal } from '../http/problems.ts';
import { CAPTURE_BYTES } from '../limits.ts';

/** A capture on disk, named by its content. */
export interface Spooled {
  path: string;
  sha256: string;
  bytes: number;
}

/** No upload takes so long. */
const OLD_MILLISECONDS = 24 * 3600 * 1000;

/** Where captures wait. They hold patient data: the folder is its owner's only, and each is deleted once it was read. */
export class Spool {
  readonly #folder: string;

  readonly #isShared: boolean;

  /** `isShared`: other servers have it too, and are at work in it. */
  constructor(folder: string, isShared = false) {
    this.#folder = folder;
    this.#isShared = isShared;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    // What an upload that was cut off has left.
    for (const name of readdirSync(this.#folder)) if (name.endsWith('.part')) this.#tidy(name);
  }

  has(sha256: string): boolean {
    return existsSync(this.pathOf(sha256));
  }

  pathOf(sha256: string): string {
    return join(this.#folder, `${sha256}.capture`);
  }

  /** Writes a body to disk as it comes, durably, and names it by its SHA-256. */
  async take(body: AsyncIterable<Uint8Array>): Promise<Spooled> {
    const part = join(this.#folder, `${randomUUID()}.part`);
    const file = await open(part, 'wx', 0o600);
    const hash = createHash('sha256');
    let bytes = 0;
    try {
      for await (const chunk of body) {
        bytes += chunk.length;
        if (bytes > CAPTURE_BYTES)
          throw new Refusal('body-too-large', `A capture may have ${CAPTURE_BYTES} bytes`);
        hash.update(chunk);
        await file.write(chunk);
      }
      await file.sync();
    } catch (error) {
      await rm(part, { force: true });
      throw isDiskFull(error) ? new Refusal('disk-full') : error;
    } finally {
      await file.close();
    }
    const sha256 = hash.digest('hex');
    const path = this.pathOf(sha256);
    await rename(part, path);
    await syncFolder(this.#folder);
    return { path, sha256, bytes };
  }

  /** Deletes captures that nobody will read: what was spooled when the server died before it was an import. */
  keepOnly(awaited: ReadonlySet<string>): void {
    for (const name of readdirSync(this.#folder)) {
      const sha256 = /^([0-9a-f]{64})\.capture$/.exec(name)?.[1];
      if (sha256 !== undefined && !awaited.has(sha256)) this.#tidy(name);
    }
  }

  /** In a shared folder what is young may be another server's that is at it just now. */
  #tidy(name: string): void {
    const path = join(this.#folder, name);
    const isYoung = this.#isShared && Date.now() - statSync(path).mtimeMs < OLD_MILLISECONDS;
    if (!isYoung) rmSync(path, { force: true });
  }

  async remove(sha256: string): Promise<void> {
    await rm(this.pathOf(sha256), { force: true });
  }
}

/** The name of a new file is on disk only when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync();
  await handle.close();
}
