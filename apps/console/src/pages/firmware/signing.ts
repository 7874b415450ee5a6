import type { FirmwareStatus } from '@wardline/model';

/** Signing needs people in one room: this long before a document runs out it is to be planned. Days. */
const AHEAD = 60;
const DAY = 86_400_000;

export type Place = 'away from every network' | 'on the server' | 'on a device';

export interface Step {
  where: Place;
  does: string;
  command: string | null;
}

export interface Procedure {
  title: string;
  /** What it is for, and what happens meanwhile. */
  says: string;
  steps: readonly Step[];
}

type Roles = FirmwareStatus['roles'];

/** What people have to do about keys and signatures by what is published. */
export function dueOf({ asOf, roles, bins, keys }: FirmwareStatus): string[] {
  if (roles.length === 0) return ['Nothing is published: the first signing is to come.'];
  const now = Date.parse(asOf);
  const left = (expires: string) => Math.floor((Date.parse(expires) - now) / DAY);
  const due = [...roles, ...bins].filter(({ role, expires }) => left(expires) < (isOnline(role) ? 1 : AHEAD));
  const unnamed = keys.filter(({ signs }) => !signs).at(-1);
  const newest = keys.at(-1);
  return [
    ...due.map(({ role, expires }) =>
      left(expires) < 0
        ? `${role} has run out: devices take nothing new until it is signed again.`
        : `${role} is good for ${left(expires)} more days${isOnline(role) ? '; the server should have signed it anew' : ': plan its signing'}.`,
    ),
    ...(unnamed !== undefined && unnamed === newest
      ? [`Key ${unnamed.number} of the server signs nothing: the next root has to name it.`]
      : []),
  ];
}

const isOnline = (role: string): boolean => role === 'timestamp' || role === 'snapshot';

const away = (does: string, command: string): Step => ({ where: 'away from every network', does, command });
const server = (does: string, command: string | null): Step => ({ where: 'on the server', does, command });

/** The procedures that fit what is published, each with its commands. */
export function proceduresFor({ roles }: FirmwareStatus): Procedure[] {
  const versions = { root: versionOf(roles, 'root'), targets: versionOf(roles, 'targets') };
  if (versions.root === 0) return [first];
  const root = rootSteps(versions.root);
  const list = listSteps(versions.targets);
  const threshold = roles.find(({ role }) => role === 'root')?.threshold ?? 1;
  return [release(list), renewal(root), ...stolen({ root, list, threshold })];
}

const versionOf = (roles: Roles, name: string): number =>
  roles.find(({ role }) => role === name)?.version ?? 0;

const first: Procedure = {
  title: 'The first signing',
  says: 'Each key of root and targets is made by the person who keeps it, and never comes to the server.',
  steps: [
    away('Each person makes a key.', 'wardline firmware key-make NAME.pem --passphrase-file NAME.txt'),
    server(
      'The server makes its own.',
      'wardline firmware online-key --out server.json --reason "first key"',
    ),
    away(
      'Say who signs, and how many have to.',
      'wardline firmware root --root-key A.pem.pub.json --root-key B.pem.pub.json --threshold 2 --targets-key C.pem.pub.json --online-key server.json --out 1.root.json',
    ),
    away(
      'As many as have to sign do.',
      'wardline firmware sign 1.root.json --key A.pem --passphrase-file A.txt',
    ),
    away(
      'Check the maker’s signature and seal the image to its group of devices.',
      'wardline firmware seal IMAGE --signature IMAGE.sig --maker-key MAKER.pem … --to age1… --group GROUP --out IMAGE.age',
    ),
    away('List it.', 'wardline firmware targets --add IMAGE.age.json --out 1.targets.json'),
    away('Sign the list.', 'wardline firmware sign 1.targets.json --key C.pem --passphrase-file C.txt'),
    server(
      'Publish: the server proves it first as a device would.',
      'wardline firmware publish --root 1.root.json --targets 1.targets.json --image IMAGE.age --reason "…"',
    ),
  ],
};

interface Drafted {
  draft: (flags: string) => Step;
  sign: Step;
  file: string;
}

const rootSteps = (version: number): Drafted => ({
  file: `${version + 1}.root.json`,
  draft: (flags) =>
    away(
      'Draft the next root after the one that counts.',
      `wardline firmware root --after ${version}.root.json ${flags} --out ${version + 1}.root.json`,
    ),
  sign: away(
    'As many sign it as the root before asks for, and as the new one does.',
    `wardline firmware sign ${version + 1}.root.json --key A.pem --passphrase-file A.txt`,
  ),
});

const listSteps = (version: number): Drafted => ({
  file: `${version + 1}.targets.json`,
  draft: (flags) =>
    away(
      'Draft the next list after the one that counts.',
      `wardline firmware targets --after ${version}.targets.json ${flags}--out ${version + 1}.targets.json`,
    ),
  sign: away(
    'Read what it says, and sign it.',
    `wardline firmware sign ${version + 1}.targets.json --key C.pem --passphrase-file C.txt`,
  ),
});

const release = (list: Drafted): Procedure => ({
  title: 'A new release',
  says: 'Nothing reaches a device by this alone: a rollout does, when a person begins one.',
  steps: [
    first.steps[4]!,
    list.draft('--add IMAGE.age.json '),
    list.sign,
    server('Publish.', `wardline firmware publish --targets ${list.file} --image IMAGE.age --reason "…"`),
  ],
});

const KEYS =
  '--root-key A.pem.pub.json --root-key B.pem.pub.json --threshold 2 --targets-key C.pem.pub.json --online-key server.json';

const renewal = (root: Drafted): Procedure => ({
  title: 'The root again, before it runs out',
  says: 'With the same keys, for another year. Devices go on without noticing.',
  steps: [
    root.draft(KEYS),
    root.sign,
    server('Publish.', `wardline firmware publish --root ${root.file} --reason "signed again"`),
  ],
});

interface Known {
  root: Drafted;
  list: Drafted;
  threshold: number;
}

function stolen({ root, list, threshold }: Known): Procedure[] {
  const publishRoot = server(
    'Publish. From the next refresh on, devices take nothing that the stolen key signs.',
    `wardline firmware publish --root ${root.file} --reason "key stolen"`,
  );
  return [
    {
      title: 'Stolen: a key of the server',
      says: 'The thief can hold devices at an older state of what people signed, and raise version numbers; it signs no image. Stop running rollouts until it is done.',
      steps: [
        server('Make another key.', 'wardline firmware online-key --out server.json --reason "key stolen"'),
        root.draft(KEYS),
        root.sign,
        publishRoot,
        server('Look that the new key signs and the old one does not.', 'wardline firmware status'),
      ],
    },
    {
      title: `Stolen: ${threshold > 1 ? 'a key' : 'the key'} of root`,
      says:
        threshold > 1
          ? `Below ${threshold} keys the thief can do nothing. Those who are left take it out.`
          : 'One key is enough to sign a root: whoever has it can say whose keys count. Do it now, and have more than one sign from here on.',
      steps: [
        away('Make a key in its place.', 'wardline firmware key-make D.pem --passphrase-file D.txt'),
        root.draft(KEYS.replace('B.pem', 'D.pem')),
        root.sign,
        publishRoot,
      ],
    },
    {
      title: 'Stolen: a key of targets',
      says: 'The thief can list images, which devices take only once the server publishes them. Publish nothing that you have not read.',
      steps: [
        away('Make a key in its place.', 'wardline firmware key-make E.pem --passphrase-file E.txt'),
        root.draft(KEYS.replace('C.pem', 'E.pem')),
        root.sign,
        list.draft(''),
        { ...list.sign, command: list.sign.command!.replaceAll('C.', 'E.') },
        server(
          'Publish both together.',
          `wardline firmware publish --root ${root.file} --targets ${list.file} --reason "key stolen"`,
        ),
      ],
    },
    {
      title: 'Stolen: a maker’s key',
      says: 'The thief can list images for this maker’s paths, and for no others.',
      steps: [
        list.draft('--delegate "MAKER=MAKER/*/*:NEW.pem.pub.json" '),
        list.sign,
        away('The maker signs its list anew.', 'wardline firmware sign N.MAKER.json --key NEW.pem'),
        server(
          'Publish both together.',
          `wardline firmware publish --targets ${list.file} --role MAKER=N.MAKER.json --reason "key stolen"`,
        ),
      ],
    },
    {
      title: 'Stolen: as many keys of root as have to sign',
      says: 'The thief can say whose keys count. Nothing that is published can take that back: stop rollouts, and give each device a new root by hand, as in the factory.',
      steps: [
        ...first.steps.slice(0, 4),
        {
          where: 'on a device',
          does: 'Prepare each device with the new root.',
          command: null,
        },
      ],
    },
    {
      title: 'Stolen: the key of a group, which opens images',
      says: 'The thief can read the images of that group, and sign nothing.',
      steps: [
        away('Make another key for the group.', 'wardline firmware group-make GROUP.key'),
        { where: 'on a device', does: 'Bring it onto each device of the group.', command: null },
        server('Seal the next images to it.', null),
      ],
    },
  ];
}
