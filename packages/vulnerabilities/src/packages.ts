/** Types of purl (package-url/purl-spec) whose packages are never a device by themselves; `generic` may be one. */
const packageTypes = new Set(
  `alpm apk bitbucket bitnami cargo cocoapods composer conan conda cpan cran deb docker gem github golang hackage hex
  huggingface luarocks maven npm nuget oci pub pypi qpkg rpm swift android bioconductor crates.io go linux oss-fuzz packagist
  rubygems alpine debian ubuntu`.split(/\s+/),
);

/** Is this a package of software, such as a library? What is said of it is said of no device of a like name. */
export const isPackage = (purl: string | null): boolean =>
  purl !== null && packageTypes.has(/^pkg:\/{0,2}([^/]+)\//.exec(purl)?.[1]?.toLowerCase() ?? '');
