import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { until } from './running-server.ts';

/** rsyslog with its TLS by GnuTLS is a package of its own. */
export const hasRsyslog =
  existsSync('/usr/sbin/rsyslogd') && globSync('/usr/lib/*/rsyslog/lmnsd_gtls.so').length > 0;

/** A real collector: rsyslog that takes syslog over TLS from whoever shows a certificate of its authority. */
export class Rsyslog {
  readonly folder: string;
  readonly #file: string;
  #child: ChildProcess | null = null;
  port = 0;

  /** `anon`: from whoever comes. */
  readonly #mode: 'x509/certvalid' | 'anon';

  constructor(folder: string, mode: 'x509/certvalid' | 'anon' = 'x509/certvalid') {
    this.folder = folder;
    this.#mode = mode;
    this.#file = join(folder, 'received.log');
    mkdirSync(folder, { recursive: true });
    this.#makeCertificates();
  }

  at(name: string): string {
    return join(this.folder, name);
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'ignore' });
  }

  #makeCertificates(): void {
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    this.#openssl(
      'req',
      '-x509',
      ...curve,
      '-keyout',
      'ca.key',
      '-out',
      'ca.pem',
      '-days',
      '3650',
      '-subj',
      '/CN=test',
    );
    writeFileSync(this.at('names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
    for (const name of ['collector', 'wardline']) {
      this.#openssl('req', ...curve, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
      const by = [
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-CAcreateserial',
        '-days',
        '3650',
        '-extfile',
        'names',
      ];
      this.#openssl('x509', '-req', '-in', `${name}.csr`, ...by, '-out', `${name}.pem`);
    }
  }

  async start(): Promise<void> {
    rmSync(this.at('port'), { force: true });
    writeFileSync(
      this.at('rsyslog.conf'),
      `global(workDirectory="${this.folder}" maxMessageSize="64k" defaultNetstreamDriver="gtls"
  defaultNetstreamDriverCAFile="${this.at('ca.pem')}" defaultNetstreamDriverCertFile="${this.at('collector.pem')}"
  defaultNetstreamDriverKeyFile="${this.at('collector.key')}")
module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="${this.#mode}")
input(type="imtcp" port="${this.port}" address="127.0.0.1" listenPortFileName="${this.at('port')}")
template(name="whole" type="string" string="%rawmsg%\\n")
action(type="omfile" file="${this.#file}" template="whole")
`,
    );
    const args = ['-n', '-f', this.at('rsyslog.conf'), '-iNONE'];
    this.#child = spawn('/usr/sbin/rsyslogd', args, { stdio: 'ignore' });
    // The port is written down only where any was asked for.
    const port = async () =>
      existsSync(this.at('port')) ? readFileSync(this.at('port'), 'utf8').trim() : '';
    if (this.port === 0) this.port = Number(await until(port, (text) => text !== ''));
    else
      await until(
        () => answers(this.port),
        (answer) => answer,
      );
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }

  lines(): string[] {
    return existsSync(this.#file) ? readFileSync(this.#file, 'utf8').split('\n').filter(Boolean) : [];
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
