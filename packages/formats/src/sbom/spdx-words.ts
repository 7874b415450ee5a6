/** Algorithms of SPDX with the number of hexadecimal digits; null where it may be any. */
export const spdxAlgorithms: Readonly<Record<string, number | null>> = {
  SHA1: 40,
  SHA224: 56,
  SHA256: 64,
  SHA384: 96,
  SHA512: 128,
  MD2: 32,
  MD4: 32,
  MD5: 32,
  MD6: null,
  'SHA3-256': 64,
  'SHA3-384': 96,
  'SHA3-512': 128,
  'BLAKE2b-256': 64,
  'BLAKE2b-384': 96,
  'BLAKE2b-512': 128,
  BLAKE3: null,
  ADLER32: 8,
};

/** Kinds of relationships of SPDX 2.3 §11.1. */
export const spdxRelationships = new Set(
  `DESCRIBES DESCRIBED_BY CONTAINS CONTAINED_BY DEPENDS_ON DEPENDENCY_OF DEPENDENCY_MANIFEST_OF BUILD_DEPENDENCY_OF
  DEV_DEPENDENCY_OF OPTIONAL_DEPENDENCY_OF PROVIDED_DEPENDENCY_OF TEST_DEPENDENCY_OF RUNTIME_DEPENDENCY_OF EXAMPLE_OF GENERATES
  GENERATED_FROM ANCESTOR_OF DESCENDANT_OF VARIANT_OF DISTRIBUTION_ARTIFACT PATCH_FOR PATCH_APPLIED COPY_OF FILE_ADDED
  FILE_DELETED FILE_MODIFIED EXPANDED_FROM_ARCHIVE DYNAMIC_LINK STATIC_LINK DATA_FILE_OF TEST_CASE_OF BUILD_TOOL_OF
  DEV_TOOL_OF TEST_OF TEST_TOOL_OF DOCUMENTATION_OF OPTIONAL_COMPONENT_OF METAFILE_OF PACKAGE_OF AMENDS PREREQUISITE_FOR
  HAS_PREREQUISITE REQUIREMENT_DESCRIPTION_FOR SPECIFICATION_FOR OTHER`.split(/\s+/),
);

/** What a package is for, in CycloneDX's words. */
const purposes: Readonly<Record<string, string>> = {
  application: 'application',
  framework: 'framework',
  library: 'library',
  container: 'container',
  operatingsystem: 'operating-system',
  device: 'device',
  devicedriver: 'device-driver',
  firmware: 'firmware',
  file: 'file',
  data: 'data',
  model: 'machine-learning-model',
  platform: 'platform',
};

export const typeOfPurpose = (purpose: string | null): string =>
  purposes[(purpose ?? '').toLowerCase().replaceAll(/[^a-z]/g, '')] ?? 'library';

/** `SHA256` and `sha256` are `SHA-256`. */
export const algorithmName = (name: string): string =>
  name
    .toUpperCase()
    .replaceAll('_', '-')
    .replace(/^SHA(1|224|256|384|512)$/, 'SHA-$1')
    .replace(/^BLAKE2B/, 'BLAKE2b')
    .replace(/^SHA3(\d)/, 'SHA3-$1');
