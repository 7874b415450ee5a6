/** What a tag may belong to. `element` is whatever was begun last. */
export type Section =
  | 'document'
  | 'package'
  | 'file'
  | 'snippet'
  | 'license'
  | 'annotation'
  | 'review'
  | 'element';

/** Where the value of a tag stands in SPDX's JSON. */
export interface TagPlace {
  section: Section;
  key: string;
  many: boolean;
  /** The tag begins a new one of these. */
  opens?: Section;
  /** Reads a value of several parts; a text is what is wrong with it. */
  read?: (value: string) => object | string;
}

export const tagPlaces = new Map<string, TagPlace>();

function tags(section: Section, names: Readonly<Record<string, string>>, many = false): void {
  for (const [tag, key] of Object.entries(names)) tagPlaces.set(tag, { section, key, many });
}

function opening(section: Section, tag: string, key: string): void {
  tagPlaces.set(tag, { section, key, many: false, opens: section });
}

function parts(section: Section, tag: string, key: string, read: (value: string) => object | string): void {
  tagPlaces.set(tag, { section, key, many: true, read });
}

tags('document', {
  SPDXVersion: 'spdxVersion',
  DataLicense: 'dataLicense',
  DocumentName: 'name',
  DocumentNamespace: 'documentNamespace',
  DocumentComment: 'comment',
  LicenseListVersion: 'creationInfo.licenseListVersion',
  Created: 'creationInfo.created',
  CreatorComment: 'creationInfo.comment',
});
tags('document', { Creator: 'creationInfo.creators' }, true);
tags('element', { SPDXID: 'SPDXID' });

opening('package', 'PackageName', 'name');
tags('package', {
  PackageVersion: 'versionInfo',
  PackageFileName: 'packageFileName',
  PackageSupplier: 'supplier',
  PackageOriginator: 'originator',
  PackageDownloadLocation: 'downloadLocation',
  FilesAnalyzed: 'filesAnalyzed',
  PackageVerificationCode: 'packageVerificationCode.packageVerificationCodeValue',
  PackageHomePage: 'homepage',
  PackageSourceInfo: 'sourceInfo',
  PackageLicenseConcluded: 'licenseConcluded',
  PackageLicenseDeclared: 'licenseDeclared',
  PackageLicenseComments: 'licenseComments',
  PackageCopyrightText: 'copyrightText',
  PackageSummary: 'summary',
  PackageDescription: 'description',
  PackageComment: 'comment',
  PrimaryPackagePurpose: 'primaryPackagePurpose',
  ReleaseDate: 'releaseDate',
  BuiltDate: 'builtDate',
  ValidUntilDate: 'validUntilDate',
  ExternalRefComment: 'externalRefComment',
});
tags(
  'package',
  { PackageLicenseInfoFromFiles: 'licenseInfoFromFiles', PackageAttributionText: 'attributionTexts' },
  true,
);

opening('file', 'FileName', 'fileName');
tags('file', {
  LicenseConcluded: 'licenseConcluded',
  LicenseComments: 'licenseComments',
  FileCopyrightText: 'copyrightText',
  FileComment: 'comment',
  FileNotice: 'noticeText',
});
tags(
  'file',
  {
    FileType: 'fileTypes',
    LicenseInfoInFile: 'licenseInfoInFiles',
    FileContributor: 'fileContributors',
    FileAttributionText: 'attributionTexts',
    FileDependency: 'fileDependencies',
    ArtifactOfProjectName: 'artifactOfProjectName',
    ArtifactOfProjectHomePage: 'artifactOfProjectHomePage',
    ArtifactOfProjectURI: 'artifactOfProjectUri',
  },
  true,
);

tagPlaces.set('SnippetSPDXID', { section: 'snippet', key: 'SPDXID', many: false, opens: 'snippet' });
tags('snippet', {
  SnippetFromFileSPDXID: 'snippetFromFile',
  SnippetByteRange: 'byteRange',
  SnippetLineRange: 'lineRange',
  SnippetLicenseConcluded: 'licenseConcluded',
  SnippetLicenseComments: 'licenseComments',
  SnippetCopyrightText: 'copyrightText',
  SnippetComment: 'comment',
  SnippetName: 'name',
});
tags(
  'snippet',
  { LicenseInfoInSnippet: 'licenseInfoInSnippets', SnippetAttributionText: 'attributionTexts' },
  true,
);

opening('license', 'LicenseID', 'licenseId');
tags('license', { ExtractedText: 'extractedText', LicenseName: 'name', LicenseComment: 'comment' });
tags('license', { LicenseCrossReference: 'seeAlsos' }, true);

opening('annotation', 'Annotator', 'annotator');
tags('annotation', {
  AnnotationDate: 'annotationDate',
  AnnotationType: 'annotationType',
  AnnotationComment: 'comment',
  SPDXREF: 'spdxElementId',
});
opening('review', 'Reviewer', 'reviewer');
tags('review', { ReviewDate: 'reviewDate', ReviewComment: 'comment' });
tags('document', { RelationshipComment: 'relationshipComment' });

const checksum = (value: string): object | string => {
  const found = /^([A-Za-z0-9-]+):\s*([0-9A-Fa-f]+)$/.exec(value);
  return found === null
    ? 'expected an algorithm, a colon and hexadecimal digits'
    : { algorithm: found[1], checksumValue: found[2] };
};
parts('package', 'PackageChecksum', 'checksums', checksum);
parts('file', 'FileChecksum', 'checksums', checksum);
parts('package', 'ExternalRef', 'externalRefs', (value) => {
  const found = /^(\S+)\s+(\S+)\s+(\S+)$/.exec(value);
  if (found === null) return 'expected a category, a type and a locator';
  const [, referenceCategory, referenceType, referenceLocator] = found;
  return { referenceCategory, referenceType, referenceLocator };
});
parts('document', 'ExternalDocumentRef', 'externalDocumentRefs', (value) => {
  const found = /^(DocumentRef-\S+)\s+(\S+)\s+([A-Za-z0-9-]+):\s*([0-9A-Fa-f]+)$/.exec(value);
  if (found === null) return 'expected `DocumentRef-…`, a namespace and a checksum';
  const [, externalDocumentId, spdxDocument, algorithm, checksumValue] = found;
  return { externalDocumentId, spdxDocument, checksum: { algorithm, checksumValue } };
});
parts('document', 'Relationship', 'relationships', (value) => {
  const found = /^(\S+)\s+(\S+)\s+(\S+)$/.exec(value);
  if (found === null) return 'expected an element, a relationship and an element';
  const [, spdxElementId, relationshipType, relatedSpdxElement] = found;
  return { spdxElementId, relationshipType, relatedSpdxElement };
});
