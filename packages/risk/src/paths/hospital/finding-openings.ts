import type { Difficulty, Opening, Remedy } from '../landscape.ts';
import type { HospitalAsset, HospitalFinding } from './words.ts';

interface Kind {
  difficulty: Difficulty;
  /** `control` where it lets somebody run what they like; `service`: only what the service does, which is harm by misuse. */
  gives: 'control' | 'service';
  /** Goes on from the asset's name. */
  because: string;
  /** An instruction; `%` is the asset, with the service where the finding names one. */
  remedy: string;
}

/** What findings of the posture rules give to who can send packets there. Rules that are not named give no way in. */
const kinds: Readonly<Record<string, Kind>> = {
  'default-credential-accepted': {
    difficulty: 'open',
    gives: 'control',
    because: 'let somebody in with a password from its manual',
    remedy: 'Change the default password of %.',
  },
  'default-credential': {
    difficulty: 'demanding',
    gives: 'control',
    because: 'was tried with a password from its manual, and nothing shows that it refused',
    remedy: 'Make sure that % has no default password.',
  },
  'unauthenticated-service': {
    difficulty: 'open',
    gives: 'service',
    because: 'serves anybody without a login',
    remedy: 'Turn on the login of %, or turn that service off.',
  },
  'cleartext-credential': {
    difficulty: 'published',
    gives: 'control',
    because: 'takes a password that crosses the network in clear, so that who listens has it',
    remedy: 'Let nobody sign in to % but over an encrypted connection.',
  },
  'telnet-service': {
    difficulty: 'published',
    gives: 'control',
    because: 'is operated over Telnet, in which passwords can be read and sessions taken over',
    remedy: 'Turn Telnet off on %.',
  },
  'remote-screen-in-clear': {
    difficulty: 'published',
    gives: 'control',
    because: 'shows its screen to others in clear, so that a session can be taken over',
    remedy: 'Let nobody see the screen of % but over an encrypted connection.',
  },
  'obsolete-smb': {
    difficulty: 'demanding',
    gives: 'control',
    because: 'speaks SMB 1, and it is unknown whether its published weaknesses are mended',
    remedy: 'Turn SMB 1 off on %.',
  },
  'end-of-life-os': {
    difficulty: 'demanding',
    gives: 'control',
    because: 'runs an operating system that gets no updates, so that what is published against it stays open',
    remedy: 'Bring % to an operating system that is supported.',
  },
  'weak-remote-desktop': {
    difficulty: 'demanding',
    gives: 'control',
    because: 'lets its screen be operated over a connection that proves no server',
    remedy: 'Require Network Level Authentication on %.',
  },
};

/** Remote use of these is use of the machine itself. */
const SHELLS: ReadonlySet<string> = new Set(['tcp/22', 'tcp/23', 'tcp/3389', 'tcp/5900', 'tcp/2375']);

/** The opening that a finding is, with what closes it; null where it gives nobody a way in. */
export function findingOpening(
  finding: HospitalFinding,
  asset: HospitalAsset,
): { opening: Opening; remedy: Remedy } | null {
  const kind = kinds[finding.rule];
  if (kind === undefined) return null;
  const control = kind.gives === 'control' || SHELLS.has(finding.service ?? '');
  // Reading what a service gives away harms privacy; here only what can harm care counts.
  if (!control && !finding.harms.includes('patient') && !finding.harms.includes('operations')) return null;
  const remedy: Remedy = {
    id: `setting|${finding.rule}|${asset.id}|${finding.service ?? ''}`,
    kind: 'setting',
    text: kind.remedy.replace(
      '%',
      finding.service === null ? asset.name : `${asset.name} at ${finding.service}`,
    ),
    assets: 1,
    effort: 1,
  };
  const opening: Opening = {
    asset: asset.id,
    service: finding.service,
    difficulty: kind.difficulty,
    effect: control ? 'control' : 'harm',
    because: finding.service === null ? kind.because : `${kind.because} (${finding.service})`,
    evidence: finding.id,
    remedies: [remedy.id],
  };
  return { opening, remedy };
}
