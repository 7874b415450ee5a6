import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A maker of TPMs, and its certificate for the endorsement key of one. */
export class TpmMaker {
  readonly #folder: string;
  readonly #name: string;

  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#name = name;
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`];
    this.#openssl('req', '-x509', ...key, '-subj', `/CN=${name}`, '-days', '30', '-out', `${name}.pem`);
  }

  get certificate(): string {
    return readFileSync(join(this.#folder, `${this.#name}.pem`), 'utf8');
  }

  /** The file of a certificate (PEM) for an endorsement key. */
  vouchFor(publicKey: string): string {
    const file = join(this.#folder, `${this.#name}-ek`);
    writeFileSync(
      `${file}.cnf`,
      'extendedKeyUsage=2.23.133.8.1\nkeyUsage=critical,keyEncipherment\nbasicConstraints=critical,CA:false\n' +
        'subjectAltName=critical,dirName:tpm\n[tpm]\na.2.23.133.2.1=id:00001014\nb.2.23.133.2.2=swtpm\nc.2.23.133.2.3=id:1\n',
    );
    const by = ['-CA', `${this.#name}.pem`, '-CAkey', `${this.#name}.key`, '-extfile', `${file}.cnf`];
    this.#openssl(
      'x509',
      '-new',
      '-force_pubkey',
      publicKey,
      '-subj',
      '/CN=TPM',
      '-days',
      '9',
      ...by,
      '-out',
      `${file}.pem`,
    );
    return `${file}.pem`;
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.#folder, stdio: 'pipe' });
  }
}
