import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** OpenSSL's program in a folder of its own, as the counterpart of what is made here. */
export class OpenSsl {
  readonly folder = mkdtempSync(join(tmpdir(), 'wardline-pki-'));

  write(name: string, content: string | Uint8Array): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  read(name: string): Buffer {
    return readFileSync(join(this.folder, name));
  }

  /** What it says on both ways out, with its exit code. */
  run(...args: string[]): { code: number; said: string; out: Buffer } {
    const { status, stdout, stderr } = spawnSync('openssl', args, { cwd: this.folder });
    return { code: status ?? -1, said: `${stdout.toString()}${stderr.toString()}`, out: stdout };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
