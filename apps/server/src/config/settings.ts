/** One setting of the server by the environment. The reference is generated from these; a test holds them against what is read. */
export interface Setting {
  name: string;
  meaning: string;
  /** What holds without it. */
  otherwise: string;
  /** A value that is taken, where a form has to be kept. */
  example?: string;
}

interface SettingGroup {
  title: string;
  settings: readonly Setting[];
}

const NONE = 'none';

export const settingGroups: readonly SettingGroup[] = [
  {
    title: 'The server',
    settings: [
      {
        name: 'WARDLINE_DATA',
        meaning: 'folder of the database, keys and spooled captures',
        otherwise:
          '`.wardline` in the checkout; for root with a checkout that the database’s user cannot enter, `/var/lib/wardline/…`; of an installed package `~/.local/share/wardline`, for root `/var/lib/wardline`',
        example: '/var/lib/wardline',
      },
      {
        name: 'WARDLINE_PORT',
        meaning: 'port; one that is asked for and taken ends the start',
        otherwise: '7400, or the next free one',
        example: '7400',
      },
      {
        name: 'WARDLINE_HOST',
        meaning: 'where it listens; beyond loopback it speaks TLS only',
        otherwise: '127.0.0.1',
        example: '10.20.30.1',
      },
      {
        name: 'WARDLINE_NAMES',
        meaning: 'names by which it is called, parted by commas; a browser’s Host must be one of them',
        otherwise: 'beyond loopback the machine’s own name',
        example: 'wardline.hospital.example, 10.20.30.1',
      },
      {
        name: 'WARDLINE_TLS_CERT',
        meaning: 'certificate (PEM); a renewed one is taken up within a minute; needs `WARDLINE_TLS_KEY`',
        otherwise: 'beyond loopback one of its own making, in `tls/` of the data folder',
        example: '/etc/wardline/cert.pem',
      },
      {
        name: 'WARDLINE_TLS_KEY',
        meaning: 'its key (PEM)',
        otherwise: 'as above',
        example: '/etc/wardline/key.pem',
      },
      {
        name: 'WARDLINE_SENSOR_PORT',
        meaning:
          'where sensors and gateways come in by certificate (TLS 1.3 with a certificate on both sides), to intake and what gateways tell and nowhere else; needs TLS',
        otherwise: 'nowhere',
        example: '7401',
      },
      {
        name: 'WARDLINE_HOSPITAL',
        meaning: 'the name on the overview',
        otherwise: '“This hospital”',
        example: 'St. Anna',
      },
      {
        name: 'WARDLINE_LOG',
        meaning: '`silent`, `fatal`, `error`, `warn`, `info`, `debug` or `trace`',
        otherwise: '`info`',
        example: 'warn',
      },
      {
        name: 'WARDLINE_OUTGOING_ALLOW',
        meaning:
          'places inside that the server may ask over HTTP beside public ones (a witness, a webhook); the identity provider and the duty webhook count as named',
        otherwise: NONE,
        example: 'witness.hospital.example, 10.20.30.5:8443',
      },
    ],
  },
  {
    title: 'Database, captures and folders',
    settings: [
      {
        name: 'DATABASE_URL',
        meaning:
          'a PostgreSQL of your own (18 is tested; `pg_trgm` must be installable); [several servers](guides/many-servers.md) may share it; a primary and its standbys with hosts parted by commas; beyond this machine with `sslmode=verify-full`',
        otherwise: 'the embedded one',
        example: 'postgresql://wardline@db.hospital.example/wardline?sslmode=verify-full',
      },
      {
        name: 'WARDLINE_SPOOL',
        meaning: 'where captures wait to be read; a folder that several servers on one database share',
        otherwise: '`spool` in the data folder',
        example: '/srv/wardline/spool',
      },
      {
        name: 'WARDLINE_MIRRORS',
        meaning:
          'folder below which feeds may read folders of advisories ([guide](guides/vulnerabilities.md))',
        otherwise: '`mirrors` in the data folder',
        example: '/srv/wardline/mirrors',
      },
      {
        name: 'WARDLINE_KNOWLEDGE',
        meaning: 'folder of the hospital’s own knowledge ([guide](guides/knowledge.md))',
        otherwise: NONE,
        example: '/etc/wardline/knowledge',
      },
      {
        name: 'WARDLINE_POLICIES',
        meaning: 'folder of the hospital’s own Cedar policies ([guide](guides/permissions.md))',
        otherwise: NONE,
        example: '/etc/wardline/policies',
      },
      {
        name: 'WARDLINE_BREACHED_PASSWORDS',
        meaning:
          'file of passwords from breaches, which nobody may choose ([guide](guides/people.md#passwords))',
        otherwise: 'the 44,000 commonest that ship',
        example: '/srv/wardline/pwnedpasswords.txt',
      },
      {
        name: 'WARDLINE_SENSOR_LIMITS',
        meaning: 'bounds of the sensor that reads imported captures ([guide](guides/limits.md))',
        otherwise: 'the sensor’s own',
        example: 'connections=65536',
      },
    ],
  },
  {
    title: 'Batches of sensors by NATS JetStream ([guide](guides/sites.md#sensors-over-nats))',
    settings: [
      {
        name: 'NATS_URL',
        meaning:
          'brokers from which batches are taken beside HTTP: tls://HOST:PORT, several parted by commas',
        otherwise: 'from none',
      },
      {
        name: 'WARDLINE_NATS_CA',
        meaning: 'whom to take for a broker (PEM)',
        otherwise: 'the system’s authorities',
      },
      {
        name: 'WARDLINE_NATS_CERT',
        meaning: 'this server’s certificate for them (PEM)',
        otherwise: 'needed',
      },
      { name: 'WARDLINE_NATS_KEY', meaning: 'its key (PEM)', otherwise: 'needed' },
      {
        name: 'WARDLINE_NATS_REPLICAS',
        meaning: 'how many brokers keep each batch: 1, 3 or 5',
        otherwise: '1',
        example: '3',
      },
      {
        name: 'WARDLINE_NATS_KEEP',
        meaning:
          'how long batches stay there after they were taken, so that a database that was put back gets them again',
        otherwise: '`24h`',
        example: '7d',
      },
      {
        name: 'WARDLINE_NATS_ROOM',
        meaning: 'bytes of batches there; above it sensors keep them in their spools',
        otherwise: '`10G`',
        example: '50G',
      },
    ],
  },
  {
    title: 'Keys',
    settings: [
      {
        name: 'WARDLINE_MASTER_KEY_FILE',
        meaning: 'file with the passphrase or `pkcs11:` address of the master key ([guide](guides/keys.md))',
        otherwise: 'a key in the data folder',
      },
      {
        name: 'WARDLINE_MASTER_KEY',
        meaning: 'the same, in the environment',
        otherwise: 'as above',
        example: 'a long passphrase of several words',
      },
      {
        name: 'WARDLINE_MASTER_KEY_BEFORE_FILE',
        meaning: 'what it was before, while it is changed',
        otherwise: NONE,
      },
      { name: 'WARDLINE_MASTER_KEY_BEFORE', meaning: 'the same, in the environment', otherwise: NONE },
    ],
  },
  {
    title: 'Identity provider',
    settings: [
      {
        name: 'WARDLINE_OPENID_ISSUER',
        meaning: 'issuer of the hospital’s identity provider (https); needs the client',
        otherwise: NONE,
      },
      { name: 'WARDLINE_OPENID_CLIENT', meaning: 'this server’s name there', otherwise: NONE },
      { name: 'WARDLINE_OPENID_SECRET_FILE', meaning: 'file with the secret', otherwise: 'a public client' },
      { name: 'WARDLINE_OPENID_NAME', meaning: 'what the button says', otherwise: 'its address' },
      {
        name: 'WARDLINE_OPENID_SUBJECT',
        meaning:
          '`externalId`: a user’s external id in the directory (SCIM) is the subject of their tokens, so that they sign in without connecting first',
        otherwise: 'connect first',
      },
    ],
  },
  {
    title: 'Certificates of devices ([guide](guides/identity.md))',
    settings: [
      {
        name: 'WARDLINE_DEVICE_PORT',
        meaning: 'where devices come for certificates by EST, and nothing else; needs TLS',
        otherwise: 'nowhere',
        example: '7402',
      },
      {
        name: 'WARDLINE_REVOCATION_PORT',
        meaning: 'where lists and answers of revocation are told in clear, and nothing else',
        otherwise: 'the API’s port only',
        example: '7403',
      },
      {
        name: 'WARDLINE_REVOCATION_URL',
        meaning: 'the address of that, as certificates name it',
        otherwise: 'certificates name none',
        example: 'http://pki.hospital.example:7403',
      },
    ],
  },
  {
    title: 'Backups ([guide](guides/backup.md))',
    settings: [
      {
        name: 'WARDLINE_BACKUP_DIR',
        meaning: 'folder for backups that the server makes by itself; needs a recipient',
        otherwise: 'no backups',
      },
      {
        name: 'WARDLINE_BACKUP_RECIPIENT',
        meaning: 'public keys to which they are encrypted',
        otherwise: NONE,
      },
      {
        name: 'WARDLINE_BACKUP_EVERY',
        meaning: 'a full one each so often',
        otherwise: '`24h`',
        example: '12h',
      },
      {
        name: 'WARDLINE_BACKUP_CHANGES',
        meaning:
          'changes each so often: at most so much is lost with the machine; `off` makes full ones only',
        otherwise: '`5m`',
        example: '5m',
      },
      {
        name: 'WARDLINE_BACKUP_KEEP',
        meaning: 'for so long any moment can be restored; older files are removed',
        otherwise: '`30d`',
        example: '90d',
      },
      {
        name: 'WARDLINE_BACKUP_PROVE',
        meaning: '`off`: full ones are not restored at once to prove them',
        otherwise: '`on`',
        example: 'off',
      },
    ],
  },
  {
    title: 'Audit collector ([guide](guides/ledger.md#sending-to-a-collector))',
    settings: [
      {
        name: 'WARDLINE_AUDIT_COLLECTOR',
        meaning: 'where audit messages go over syslog with TLS',
        otherwise: 'nowhere',
        example: 'siem.hospital.example:6514',
      },
      {
        name: 'WARDLINE_AUDIT_CA',
        meaning: 'whom to take for it (PEM)',
        otherwise: 'the system’s authorities',
      },
      { name: 'WARDLINE_AUDIT_CERT', meaning: 'this server’s certificate for it (PEM)', otherwise: NONE },
      { name: 'WARDLINE_AUDIT_KEY', meaning: 'its key (PEM)', otherwise: NONE },
    ],
  },
  {
    title: 'Duty contact ([guide](guides/break-glass.md))',
    settings: [
      {
        name: 'WARDLINE_DUTY_WEBHOOK',
        meaning: 'address that is told of emergency access and of overdue backups; https beyond this machine',
        otherwise: 'nowhere',
      },
      {
        name: 'WARDLINE_DUTY_MAIL',
        meaning: 'mail relay and address that are told; encrypted beyond this machine',
        otherwise: 'nowhere',
      },
      {
        name: 'WARDLINE_DUTY_MAIL_CA',
        meaning: 'whom to take for the relay (PEM)',
        otherwise: 'the system’s authorities',
      },
      {
        name: 'WARDLINE_DUTY_SYSLOG',
        meaning: 'syslog receiver that is told: tls://HOST:PORT, or udp://127.0.0.1:PORT on this machine',
        otherwise: 'nowhere',
      },
      {
        name: 'WARDLINE_DUTY_SYSLOG_CA',
        meaning: 'whom to take for that receiver (PEM)',
        otherwise: 'the system’s authorities',
      },
    ],
  },
];

/** The reference of all settings, as a page. */
export function configurationText(): string {
  const parts = settingGroups.map(({ title, settings }) => {
    const rows = settings.map(({ name, meaning, otherwise, example }) => {
      const shown = example === undefined ? '' : `\`${example}\``;
      return `| \`${name}\` | ${meaning} | ${otherwise} | ${shown} |`;
    });
    return [
      `## ${title}`,
      '| variable | meaning | without it | example |',
      '|---|---|---|---|',
      ...rows,
    ].join('\n');
  });
  const head = `# Configuration

Every setting that the server takes from its environment. \`wardline start --help\` names the options that win over them. A value that is
wrong ends the start with a sentence that says what was expected. Generated by \`node tools/generate.ts\`; do not edit it by hand.`;
  return `${[head, ...parts].join('\n\n')}\n`;
}
