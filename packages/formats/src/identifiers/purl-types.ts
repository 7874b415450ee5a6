import type { Purl, PurlPart } from './purl.ts';

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/));

/** Types whose names are not case sensitive and written in lower case (purl-spec, types). */
const lowerNames = words(
  'alpm apk bitbucket bitnami composer deb github gitlab golang hex luarocks npm oci otp pub pypi qpkg opam vscode-extension',
);
const lowerNamespaces = words(
  'alpm apk bitbucket composer deb github gitlab golang hex luarocks qpkg rpm vscode-extension',
);
const lowerVersions = words('huggingface vscode-extension');
const needNamespace = words(
  'alpm apk bitbucket composer cpan deb github huggingface maven qpkg swift vscode-extension',
);
const needVersion = words('cran swift');
const noNamespace = words('bitnami cargo cocoapods conda cran gem hackage julia nuget oci opam otp pub pypi');

/** The canonical case and spelling of a package's type. */
export function normalised(purl: Purl): Purl {
  const { type, namespace, version } = purl;
  const name = lowerNames.has(type) ? purl.name.toLowerCase() : purl.name;
  const keys = Object.entries(purl.qualifiers).map(([key, value]) => [key.toLowerCase(), value] as const);
  return {
    ...purl,
    namespace: lowerNamespaces.has(type) ? (namespace?.toLowerCase() ?? null) : namespace,
    name: spelled(type, name, purl.qualifiers),
    version: lowerVersions.has(type) ? (version?.toLowerCase() ?? null) : version,
    qualifiers: Object.fromEntries(
      keys.filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  };
}

function spelled(type: string, name: string, qualifiers: Purl['qualifiers']): string {
  if (type === 'pypi') return name.replaceAll('_', '-');
  if (type === 'pub') return name.replace(/[^a-z0-9]/g, '_');
  if (type === 'mlflow')
    return /databricks/i.test(qualifiers.repository_url ?? '') ? name.toLowerCase() : name;
  return name;
}

/** What a package of this type must have, or cannot have; null where nothing is wrong. */
export function typeFault({
  type,
  namespace,
  version,
  qualifiers,
}: Purl): { part: PurlPart; message: string } | null {
  if (needNamespace.has(type) && namespace === null)
    return { part: 'namespace', message: `a package of ${type} has a namespace` };
  if (noNamespace.has(type) && namespace !== null)
    return { part: 'namespace', message: `a package of ${type} has no namespace` };
  if (needVersion.has(type) && version === null)
    return { part: 'version', message: `a package of ${type} has a version` };
  if (type === 'swid' && qualifiers.tag_id === undefined)
    return { part: 'qualifiers', message: 'a package of swid has a tag_id' };
  return null;
}
