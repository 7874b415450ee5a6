import { type Role, readFirmware, readMetadata, signersOf, UpdatesFault } from '@wardline/updates';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { counted } from '../terminal/units.ts';

const day = (time: number): string => new Date(time).toISOString().slice(0, 10);
const short = (id: string): string => id.slice(0, 12);

/** What a document says, in words, for whoever is asked to sign it. @throws CommandError where it is none */
export function describedDocument(bytes: Uint8Array): string[] {
  try {
    return kindOf(bytes) === 'root' ? describedRoot(bytes) : describedTargets(bytes);
  } catch (error) {
    if (error instanceof UpdatesFault) throw new CommandError(error.message, exitCodes.nothingRead);
    throw error;
  }
}

/** Root, or targets: what people sign. */
export function kindOf(bytes: Uint8Array): 'root' | 'targets' {
  try {
    readMetadata('root', bytes);
    return 'root';
  } catch {
    return 'targets';
  }
}

function describedRoot(bytes: Uint8Array): string[] {
  const root = readMetadata('root', bytes);
  const { version, expires, keys, roles } = root.signed;
  const signed = signersOf(root, roles.root, keys);
  const line = ([name, { keyIds, threshold }]: [string, Role]): string =>
    `  ${name.padEnd(10)} ${threshold} of ${keyIds.length}: ${keyIds.map(short).join(' ')}`;
  return [
    `Root ${version}, good until ${day(expires)}. It says who signs:`,
    ...Object.entries(roles).map(line),
    `Signed by ${signed.length} of its own ${roles.root.threshold}${signed.length === 0 ? '' : `: ${signed.map(short).join(' ')}`}.`,
  ];
}

function describedTargets(bytes: Uint8Array): string[] {
  const { signed, signatures } = readMetadata('targets', bytes);
  const { version, expires, targets, delegations } = signed;
  const images = [...targets.values()].map((target) => {
    const { manufacturer, model, version: software, securityVersion, group, makerKey } = readFirmware(target);
    const maker = makerKey === '' ? 'no signature of the maker' : `signed by the maker's ${short(makerKey)}`;
    return `  ${target.path}: ${manufacturer} ${model} ${software}, security version ${securityVersion}, for ${group}, ${maker}`;
  });
  const makers = (delegations?.roles ?? []).map(
    ({ name, paths, threshold, keyIds }) =>
      `  ${name} speaks for ${paths.join(', ')}; ${threshold} of ${keyIds.length} sign`,
  );
  return [
    `Targets ${version}, good until ${day(expires)}: ${counted(images.length, 'image')}, ${counted(makers.length, 'delegation')}.`,
    ...images,
    ...makers,
    `Signed by ${counted(signatures.size, 'key')}${signatures.size === 0 ? '' : `: ${[...signatures.keys()].map(short).join(' ')}`}.`,
  ];
}
