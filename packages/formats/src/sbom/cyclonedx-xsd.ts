import { SBOM_FAULTS } from '../limits.ts';
import { type CycloneDxVersion, schemaText } from './cyclonedx-schema.ts';
import type { SbomFault } from './sbom.ts';

type Library = typeof import('libxml2-wasm');
type Validator = InstanceType<Library['XsdValidator']>;

let loading: Promise<Library> | null = null;
const validators = new Map<CycloneDxVersion, Validator>();

/** Only who reads XML pays for the library. It sees the schemas and nothing of the disk. */
async function load(): Promise<Library> {
  const library = await import('libxml2-wasm');
  const { XmlBufferInputProvider } = library;
  const spdx = new TextEncoder().encode(schemaText('spdx.SNAPSHOT.xsd'));
  library.xmlRegisterInputProvider(new XmlBufferInputProvider({ 'schema/spdx.SNAPSHOT.xsd': spdx }));
  return library;
}

function validatorOf(library: Library, version: CycloneDxVersion): Validator {
  const known = validators.get(version);
  if (known !== undefined) return known;
  const name = `bom-${version}.SNAPSHOT.xsd`;
  const schema = library.XmlDocument.fromString(schemaText(name), { url: `schema/${name}` });
  const validator = library.XsdValidator.fromDoc(schema);
  schema.dispose();
  validators.set(version, validator);
  return validator;
}

/** What a document of XML violates of the official schema of its version. The document is well-formed and has no document type. */
export async function xsdFaults(version: CycloneDxVersion, text: string): Promise<SbomFault[]> {
  loading ??= load();
  const library = await loading;
  const validator = validatorOf(library, version);
  try {
    // The text is decoded already: what its declaration says of bytes holds no more.
    const plain = text.replace(/^\ufeff?<\?xml[^?]*\?>/, '');
    const document = library.XmlDocument.fromString(plain, {
      option: library.ParseOption.XML_PARSE_BIG_LINES,
    });
    try {
      validator.validate(document);
    } finally {
      document.dispose();
    }
    return [];
  } catch (error) {
    return faultsOf(error as Error & { details?: readonly { line?: number; message: string }[] });
  }
}

function faultsOf({
  details,
  message,
}: {
  details?: readonly { line?: number; message: string }[];
  message: string;
}) {
  const all = details ?? [{ message }];
  return all.slice(0, SBOM_FAULTS).map((detail) => ({
    place: detail.line === undefined ? '' : `line ${detail.line}`,
    message: detail.message
      .trim()
      .replaceAll(/\{http:[^}]*\}/g, '')
      .slice(0, 300),
  }));
}
